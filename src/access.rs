//! Which APIs are open, where, for whom (P1, P2, P6).
//!
//! Subscriptions and purchases open an API in a region; the end of a subscription switches it off for that subscription's user.

use crate::catalog::Catalog;
use crate::time::{Instant, Period};

/// Something that opens an API in a region.
#[derive(Clone, Debug)]
pub struct Opener {
    /// Index of the API.
    pub api: usize,
    /// Index of the region.
    pub region: usize,
    /// For whom; `None`: for all.
    pub user: Option<String>,
    /// The first second open.
    pub from: Instant,
    /// Whether it is a subscription; purchases open an API as well.
    pub subscription: bool,
}

/// The end of a subscription.
#[derive(Clone, Debug)]
pub struct SwitchOff {
    /// Index of the API.
    pub api: usize,
    /// Index of the region.
    pub region: usize,
    /// For whom; `None`: for all.
    pub user: Option<String>,
    /// The first second closed.
    pub at: Instant,
}

/// Why a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// The API is not open there for this caller (P2).
    NotOpen,
    /// No quota is left, and the catalog has no pay-per-use (P5).
    NoQuota,
    /// No quota is left, and pay-per-use is not switched on (P8).
    PayPerUseOff,
    /// The account is in arrears, and the provider serves no calls then (K6).
    Arrears,
    /// Pay-per-use is frozen: the account is in arrears, and grace is over (L3).
    Frozen,
    /// The service stopped, because a debit was not covered and nobody paid in time (L11).
    Stopped,
    /// Pay-per-use was released after retention, and not opened again (L3).
    Released,
}

impl Refusal {
    /// Our code of the refusal; of a call to an API that is not open, the provider's own where its catalog has one (P9).
    pub fn code(self, catalog: &Catalog) -> &str {
        match self {
            Refusal::NotOpen => catalog.not_open_code.as_deref().unwrap_or("not_open"),
            Refusal::NoQuota => "no_quota",
            Refusal::PayPerUseOff => "pay_per_use_off",
            Refusal::Arrears => "arrears",
            Refusal::Frozen => "frozen",
            Refusal::Stopped => "stopped",
            Refusal::Released => "released",
        }
    }

    /// The rule behind it.
    pub fn rule(self) -> &'static str {
        match self {
            Refusal::NotOpen => "P2",
            Refusal::NoQuota => "P5",
            Refusal::PayPerUseOff => "P8",
            Refusal::Arrears => "K6",
            Refusal::Frozen | Refusal::Released => "L3",
            Refusal::Stopped => "L11",
        }
    }
}

/// A time in which calls are refused because the account is in arrears, or was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When; of a release, without end.
    pub period: Period,
    /// What such calls are told.
    pub refusal: Refusal,
    /// Every call, or only those that no grant covers.
    pub all: bool,
    /// Of a release: when the arrears ended. From then on, whatever opens an API at or after the release opens it again.
    pub ended: Option<Instant>,
}

/// All that opens and closes. `None` in place of it: everything is open.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// What opens.
    pub openers: Vec<Opener>,
    /// What closes.
    pub switch_offs: Vec<SwitchOff>,
}

/// That an API is open for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// How long, without a gap.
    pub gapless: Period,
    /// The start of the earliest subscription that holds now.
    pub subscribed_since: Option<Instant>,
}

impl Access {
    /// Whether a call of this user, or of nobody in particular, is let in.
    pub fn admits(&self, api: usize, region: usize, user: Option<&str>, at: Instant) -> Option<Opening> {
        let holding = |at| self.holds(api, region, user, at);
        let mut opening = holding(at)?;
        while let Some(before) = holding(Instant(opening.gapless.start.0 - 1)) {
            opening.gapless.start = before.gapless.start;
        }
        while let Some(after) = holding(opening.gapless.end) {
            if after.gapless.end == opening.gapless.end {
                break;
            }
            opening.gapless.end = after.gapless.end;
        }
        Some(opening)
    }

    /// The openers that hold at an instant, as one.
    fn holds(&self, api: usize, region: usize, user: Option<&str>, at: Instant) -> Option<Opening> {
        let mut found: Option<Opening> = None;
        for opener in self.openers.iter().filter(|opener| opener.api == api && opener.region == region) {
            let for_caller = opener.user.is_none() || user.is_none() || opener.user.as_deref() == user;
            let gapless = Period { start: opener.from, end: self.switched_off(opener, user) };
            if !for_caller || !gapless.contains(at) {
                continue;
            }
            let subscribed = opener.subscription.then_some(opener.from);
            found = Some(match found {
                None => Opening { gapless, subscribed_since: subscribed },
                Some(others) => Opening {
                    gapless: others.gapless.hull(gapless),
                    subscribed_since: others.subscribed_since.into_iter().chain(subscribed).min(),
                },
            });
        }
        found
    }

    /// Whether this very user has a subscription of its own that holds now.
    pub fn subscribes(&self, api: usize, region: usize, user: &str, at: Instant) -> bool {
        let own = self.openers.iter().filter(|opener| opener.subscription && opener.user.as_deref() == Some(user));
        let mut here = own.filter(|opener| opener.api == api && opener.region == region && opener.from <= at);
        here.any(|opener| at < self.switched_off(opener, Some(user)))
    }

    /// The first switch-off that closes what was opened; the end of time if there is none. A call of nobody in particular finds what is open for anyone: for the
    /// opener's own user, or for all of its users.
    pub(crate) fn switched_off(&self, opener: &Opener, user: Option<&str>) -> Instant {
        let caller = user.or(opener.user.as_deref());
        let closes = |off: &&SwitchOff| {
            let here = off.api == opener.api && off.region == opener.region && opener.from < off.at;
            here && (off.user.is_none() || off.user.as_deref() == caller)
        };
        self.switch_offs.iter().filter(closes).map(|off| off.at).min().unwrap_or(Period::ALWAYS.end)
    }
}
