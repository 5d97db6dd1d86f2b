//! P2, P6: may this user call this API in this region now, since when, and until when?

use crate::calls::Asked;
use crate::world::World;

/// Something that opens an API in a region: a subscription, or a purchase or renewal (for all users).
pub struct Opener {
    pub api: usize,
    pub region: usize,
    pub user: Option<String>,
    pub start: i64,
    pub subscription: bool,
}

struct SwitchOff {
    api: usize,
    region: usize,
    user: Option<String>,
    at: i64,
}

pub struct Doors {
    /// No subscriptions were given: open wherever called.
    always: bool,
    openers: Vec<Opener>,
    switch_offs: Vec<SwitchOff>,
}

/// How a call gets in.
pub struct Admission {
    /// Since when this caller has been let in without a gap; None: always.
    pub opened: Option<i64>,
    /// From when on it is no longer; None: never.
    pub closes: Option<i64>,
    /// The earliest subscription that admits it (a purchase is none).
    pub subscribed: Option<i64>,
    /// A subscription of the caller's own admits it.
    pub own: bool,
}

impl Doors {
    pub fn new(world: &World) -> Doors {
        let mut doors = Doors { always: world.subscriptions.is_none(), openers: Vec::new(), switch_offs: Vec::new() };
        for row in world.subscriptions.iter().flatten() {
            let (api, region) = (row.api, row.region);
            doors.openers.push(Opener { api, region, user: row.user.clone(), start: row.from, subscription: true });
            if let Some(at) = row.until {
                doors.switch_offs.push(SwitchOff { api, region, user: row.user.clone(), at });
            }
        }
        for grant in world.grants.iter().filter(|grant| grant.free.is_none()) {
            for &api in &grant.apis {
                for &region in &grant.regions {
                    // K7: it may serve all calls of the window, so they are let in.
                    let start = world.window(grant.created).0;
                    doors.openers.push(Opener { api, region, user: None, start, subscription: false });
                }
            }
        }
        doors
    }

    /// None: refused.
    pub fn admit(&self, api: usize, region: usize, user: Option<&str>, at: i64) -> Option<Admission> {
        if self.always {
            return Some(Admission { opened: None, closes: None, subscribed: None, own: false });
        }
        let lets_in = |at: i64| !self.open(api, region, user, at).is_empty();
        let now = self.open(api, region, user, at);
        if now.is_empty() {
            return None;
        }
        // It can change only where something starts or is switched off.
        let starts = self.openers.iter().filter(|opener| opener.api == api && opener.region == region).map(|opener| opener.start);
        let offs = self.switch_offs.iter().filter(|off| off.api == api && off.region == region).map(|off| off.at);
        let mut changes: Vec<i64> = starts.chain(offs).collect();
        changes.sort_unstable();
        let since = changes.iter().rev().filter(|change| **change <= at).take_while(|change| lets_in(**change)).last();
        Some(Admission {
            opened: since.copied(),
            closes: changes.iter().find(|change| **change > at && !lets_in(**change)).copied(),
            subscribed: now.iter().filter(|opener| opener.subscription).map(|opener| opener.start).min(),
            own: user.is_some() && now.iter().any(|opener| opener.subscription && opener.user.as_deref() == user),
        })
    }

    /// What opens the API there for this user at this instant.
    fn open<'a>(&'a self, api: usize, region: usize, user: Option<&'a str>, at: i64) -> Vec<&'a Opener> {
        let let_in = self.for_user(api, region, user, at);
        let_in.filter(|opener| self.closing(opener, user).is_none_or(|off| at < off)).collect()
    }

    /// A refused caller had been let in before: a switch-off keeps it out.
    pub fn was_open(&self, api: usize, region: usize, user: Option<&str>, at: i64) -> bool {
        self.for_user(api, region, user, at).next().is_some()
    }

    /// A switch-off came before the opening from which this caller is let in.
    pub fn switched_off_by(&self, call: &Asked, opened: i64) -> bool {
        let whose = |off: &SwitchOff| call.user.is_none() || off.user.is_none() || off.user == call.user;
        self.switch_offs.iter().any(|off| off.api == call.api && off.region == call.region && off.at <= opened && whose(off))
    }

    /// The openers that have let this user in at some instant up to now. A call without a user finds any.
    fn for_user<'a>(&'a self, api: usize, region: usize, user: Option<&'a str>, at: i64) -> impl Iterator<Item = &'a Opener> {
        self.openers.iter().filter(move |opener| {
            let whose = user.is_none() || opener.user.is_none() || opener.user.as_deref() == user;
            opener.api == api && opener.region == region && opener.start <= at && whose
        })
    }

    /// The first switch-off after this opener's start that closes it for this user; for a call without a user,
    /// for the opener's own user.
    fn closing(&self, opener: &Opener, user: Option<&str>) -> Option<i64> {
        let user = user.or(opener.user.as_deref());
        let closes = |off: &&SwitchOff| {
            let same_place = off.api == opener.api && off.region == opener.region;
            same_place && opener.start < off.at && (off.user.is_none() || off.user.as_deref() == user)
        };
        self.switch_offs.iter().filter(closes).map(|off| off.at).min()
    }
}
