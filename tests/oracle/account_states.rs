//! In which state the account, pay-per-use and every package is: asked at every instant at which it could change.

use crate::account::Story;
use crate::clock::{DAY, HOUR};
use crate::grants::Grant;
use crate::input::Periods;
use crate::stops;

pub struct State {
    pub of: &'static str,
    pub grant: Option<String>,
    pub state: &'static str,
    pub start: i64,
    pub end: i64,
}

pub fn all(story: &Story) -> Vec<State> {
    let world = &story.account.world;
    let mut rows = Vec::new();
    let ends = || story.arrears.iter().flat_map(|arrears| [Some(arrears.since), arrears.ended]).flatten();
    in_turn(story, "account", None, ends().collect(), &mut rows, |at| {
        Some(if story.in_arrears(at).is_some() { "arrears" } else { "active" })
    });
    // P8: what is switched off is in no state.
    if world.request.catalog.pay_per_use && world.request.pay_per_use != Some(false) {
        let mut changes: Vec<i64> = ends().chain(story.stops.changes()).collect();
        let mut openings = Vec::new();
        for &(released, restored) in &story.stops.releases {
            let of_this = stops::openings(world, released, restored);
            changes.extend(of_this.iter().map(|opening| opening.at));
            openings.push((released, of_this.iter().map(|opening| opening.at).min()));
        }
        if let Some(days) = story.held.days {
            changes.extend(story.arrears.iter().map(|arrears| arrears.since + days.pay_per_use.grace * DAY));
            changes.extend(story.arrears.iter().map(|arrears| arrears.since + (days.pay_per_use.grace + days.pay_per_use.retention) * DAY));
        }
        in_turn(story, "pay-per-use", None, changes, &mut rows, |at| {
            let release = openings.iter().rfind(|(released, _)| *released <= at);
            if release.is_some_and(|(_, opened)| opened.is_none_or(|opened| at < opened)) {
                return Some("released");
            }
            match (story.in_arrears(at), world.request.catalog.overdue, story.held.days) {
                (None, ..) => Some("active"),
                (Some(since), Some(overdue), _) if at < since + overdue.stop_after_hours * HOUR => Some("grace"),
                (Some(_), Some(_), _) => Some("stopped"),
                (Some(_), None, None) => Some("frozen"),
                (Some(since), None, Some(days)) => Some(gone(days.pay_per_use, at - since)),
            }
        });
    }
    for chain in chains(&world.grants) {
        let changes = chain.iter().flat_map(|term| {
            let days = story.held.days.map_or(Periods { grace: 0, retention: 0 }, |days| days.package);
            [term.created, term.start(), term.end, term.end + days.grace * DAY, term.end + (days.grace + days.retention) * DAY]
        });
        let changes = changes.chain(story.stops.changes());
        in_turn(story, "package", Some(chain[0].id.clone()), changes.collect(), &mut rows, |at| {
            let known = || chain.iter().filter(|term| term.created <= at);
            if known().any(|term| term.start() <= at && at < term.end) {
                // L11: a package pauses with the service.
                return Some(story.stops.every_call(at).filter(|code| *code == "stopped").unwrap_or("active"));
            }
            let ended = known().filter(|term| term.end <= at).map(|term| term.end).max()?;
            Some(story.held.days.map_or("expired", |days| gone(days.package, at - ended)))
        });
    }
    rows
}

/// The state so many seconds after the beginning of arrears, or after a term.
fn gone(days: Periods, seconds: i64) -> &'static str {
    if seconds < days.grace * DAY {
        "grace"
    } else if seconds < (days.grace + days.retention) * DAY {
        "frozen"
    } else {
        "released"
    }
}

/// The copies of what was bought, each with its terms.
pub fn chains(grants: &[Grant]) -> Vec<Vec<&Grant>> {
    let mut chains: Vec<Vec<&Grant>> = Vec::new();
    for grant in grants.iter().filter(|grant| grant.free.is_none()) {
        match chains.last_mut().filter(|_| grant.renewal > 0) {
            Some(chain) => chain.push(grant),
            None => chains.push(vec![grant]),
        }
    }
    chains
}

fn in_turn(
    story: &Story,
    of: &'static str,
    grant: Option<String>,
    mut changes: Vec<i64>,
    rows: &mut Vec<State>,
    state: impl Fn(i64) -> Option<&'static str>,
) {
    let (start, end) = (story.account.world.start, story.account.world.end);
    changes.extend([start, end]);
    changes.retain(|at| start <= *at && *at <= end);
    changes.sort_unstable();
    changes.dedup();
    let first = rows.len();
    for pair in changes.windows(2) {
        let Some(now) = state(pair[0]) else { continue };
        match rows[first..].last_mut().filter(|row| row.state == now && row.end == pair[0]) {
            Some(row) => row.end = pair[1],
            None => rows.push(State { of, grant: grant.clone(), state: now, start: pair[0], end: pair[1] }),
        }
    }
}

impl Story {
    /// Until when pay-per-use works in arrears that began at this instant: the end of grace, or where the service stops (L11).
    pub fn works_until(&self, since: i64) -> i64 {
        let grace = self.held.days.map_or(0, |days| days.pay_per_use.grace * DAY);
        since + self.account.world.request.catalog.overdue.map_or(grace, |overdue| overdue.stop_after_hours * HOUR)
    }

    /// Since when, if the account is in arrears at this instant.
    pub fn in_arrears(&self, at: i64) -> Option<i64> {
        let covers = |since: i64, ended: Option<i64>| since <= at && ended.is_none_or(|ended| at < ended);
        self.arrears.iter().find(|arrears| covers(arrears.since, arrears.ended)).map(|arrears| arrears.since)
    }
}
