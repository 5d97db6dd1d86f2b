//! Which APIs are open, where, for whom (P1, P2, P6).
//!
//! Subscriptions and purchases open an API in a region; the end of a subscription switches it off for that subscription's user.

use crate::time::Instant;

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
    /// The earliest of the openers that hold without a break until now.
    pub since: Instant,
    /// The earliest of the subscriptions among them.
    pub subscribed_since: Option<Instant>,
}

impl Access {
    /// Whether a call of this user, or of nobody in particular, is let in.
    pub fn admits(&self, api: usize, region: usize, user: Option<&str>, at: Instant) -> Option<Opening> {
        let open = |opener: &&Opener| opener.api == api && opener.region == region && self.lets_in(opener, user, at);
        let since = self.openers.iter().filter(open).map(|opener| opener.from).min()?;
        let subscribed_since = self.openers.iter().filter(open).filter(|opener| opener.subscription).map(|opener| opener.from).min();
        Some(Opening { since, subscribed_since })
    }

    /// The first instant after `at` at which such a call is no longer let in.
    pub fn closes(&self, api: usize, region: usize, user: Option<&str>, at: Instant) -> Option<Instant> {
        let closing = self.switch_offs.iter().filter(|off| off.api == api && off.region == region && off.at > at).map(|off| off.at);
        closing.filter(|&off| self.admits(api, region, user, off).is_none()).min()
    }

    /// Whether this very user has a subscription of its own that holds now.
    pub fn subscribes(&self, api: usize, region: usize, user: &str, at: Instant) -> bool {
        let own =
            |opener: &&Opener| opener.api == api && opener.region == region && opener.subscription && opener.user.as_deref() == Some(user);
        self.openers.iter().filter(own).any(|opener| self.lets_in(opener, Some(user), at))
    }

    fn lets_in(&self, opener: &Opener, user: Option<&str>, at: Instant) -> bool {
        if opener.from > at || (opener.user.is_some() && user.is_some() && opener.user.as_deref() != user) {
            return false;
        }
        // A call of nobody in particular finds what is open for anyone: an opener's own user, or all of its users.
        let caller = user.or(opener.user.as_deref());
        !self.switch_offs.iter().any(|off| {
            off.api == opener.api
                && off.region == opener.region
                && opener.from < off.at
                && off.at <= at
                && (off.user.is_none() || off.user.as_deref() == caller)
        })
    }
}
