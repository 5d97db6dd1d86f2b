//! Where an account in arrears has calls refused (L3, K6, L11).

use crate::calls::Asked;
use crate::clock::{DAY, HOUR};
use crate::input::{Arrears, Periods, WhileStopped};
use crate::world::World;

#[derive(Clone, Default)]
pub struct Stops {
    /// Refused from … until: what the state at that time is called. In time order; only the last may be open.
    pub spans: Vec<(i64, i64, &'static str)>,
    /// K6, L11: calls that a grant covers are refused, too.
    pub every: bool,
    /// Pay-per-use was released at …, and the arrears ended at ….
    pub releases: Vec<(i64, Option<i64>)>,
}

impl Stops {
    /// All that follows from when the account was in arrears: since, and until where they ended.
    pub fn of(world: &World, arrears: &[(i64, Option<i64>)], days: Option<Periods>) -> Stops {
        let overdue = world.request.catalog.overdue;
        let every = match overdue {
            Some(overdue) => overdue.packages == WhileStopped::Stop,
            None => world.request.catalog.arrears == Arrears::NoCalls,
        };
        let mut stops = Stops { every, ..Stops::default() };
        for &(since, ended) in arrears {
            let until = ended.unwrap_or(i64::MAX);
            // L11: before it everything is served.
            if let Some(overdue) = overdue {
                stops.span(since + overdue.stop_after_hours * HOUR, until, "stopped");
                continue;
            }
            let Some(days) = days else {
                stops.span(since, until, "frozen");
                continue;
            };
            let frozen = since + days.grace * DAY;
            let released = frozen + days.retention * DAY;
            if stops.every {
                stops.span(since, frozen.min(until), "arrears");
                stops.span(released, until, "released");
            }
            stops.span(frozen, released.min(until), "frozen");
            if released < until {
                stops.releases.push((released, ended));
            }
        }
        stops.spans.sort_unstable();
        stops
    }

    fn span(&mut self, from: i64, until: i64, code: &'static str) {
        if from < until {
            self.spans.push((from, until, code));
        }
    }

    /// Where something begins or ends to be refused.
    pub fn changes(&self) -> impl Iterator<Item = i64> {
        let releases = self.releases.iter().flat_map(|(released, restored)| [Some(*released), *restored]).flatten();
        self.spans.iter().flat_map(|(from, until, _)| [*from, *until]).chain(releases).filter(|at| *at < i64::MAX)
    }

    fn code(&self, at: i64) -> Option<&'static str> {
        self.spans.iter().find(|(from, until, _)| *from <= at && at < *until).map(|(_, _, code)| *code)
    }

    pub fn every_call(&self, at: i64) -> Option<&'static str> {
        self.code(at).filter(|_| self.every)
    }

    /// Of a call that no grant covers.
    pub fn uncovered_call(&self, world: &World, call: &Asked) -> Option<&'static str> {
        if let Some((released, restored)) = self.releases.iter().rfind(|(released, _)| *released <= call.at) {
            let opened = openings(world, *released, *restored).into_iter().any(|opening| {
                let whose = opening.user.is_none() || call.user.is_none() || opening.user == call.user;
                opening.api == call.api && opening.region == call.region && whose && opening.lets_in <= call.at
            });
            if !opened {
                return Some("released");
            }
        }
        self.code(call.at)
    }
}

/// Pay-per-use open again after a release.
pub struct Opening {
    pub api: usize,
    pub region: usize,
    pub user: Option<String>,
    pub at: i64,
    /// K7: calls from this one on are let in, those of the window in which it was bought.
    pub lets_in: i64,
}

/// What was opened or bought after a release, once the arrears have ended.
pub fn openings(world: &World, released: i64, restored: Option<i64>) -> Vec<Opening> {
    let Some(restored) = restored else { return Vec::new() };
    let mut all = Vec::new();
    for row in world.subscriptions.iter().flatten().filter(|row| row.from >= released) {
        let at = row.from.max(restored);
        if row.until.is_none_or(|until| at < until) {
            all.push(Opening { api: row.api, region: row.region, user: row.user.clone(), at, lets_in: at });
        }
    }
    for grant in world.grants.iter().filter(|grant| grant.free.is_none() && grant.created >= released) {
        for &api in &grant.apis {
            let lets_in = world.window(grant.created).0.max(released).max(restored);
            all.push(Opening { api, region: grant.regions[0], user: None, at: grant.created.max(restored), lets_in });
        }
    }
    all
}
