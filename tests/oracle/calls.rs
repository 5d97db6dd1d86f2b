//! Every request as single calls in time order, each decided on its own.

use crate::cause::{self, Cause};
use crate::clock;
use crate::input::{Every, Stacking, SuccessBy, When};
use crate::open::{Admission, Doors};
use crate::price;
use crate::seen::{self, Seen};
use crate::seen_versions;
use crate::world::{NOT_OPEN, World};
use std::collections::BTreeMap;
use std::ops::Range;

pub struct Asked {
    /// Its row of usage.
    pub row: usize,
    pub second: i64,
    /// Where it stands: its own second, or (K7) the first second of its window.
    pub at: i64,
    /// The end of that second or window, exclusive.
    pub until: i64,
    pub api: usize,
    pub region: usize,
    pub project: Option<String>,
    pub user: Option<String>,
    /// None: not said.
    pub status: Option<u64>,
    pub error_code: Option<String>,
    pub calls: u64,
    /// N1: its status is 2xx, or not said.
    pub processed: bool,
    pub succeeds: bool,
}

/// N4, of a request that was processed.
fn succeeds(world: &World, error_code: Option<&str>) -> bool {
    let success = &world.request.catalog.success;
    let billed = |code: &str| code.is_empty() || code == "0" || success.billed.iter().any(|billed| billed == code);
    match success.by {
        SuccessBy::HttpStatus => true,
        SuccessBy::ErrorCode => error_code.is_none_or(billed),
    }
}

/// One call and what became of it.
pub struct Call {
    /// Index of its request.
    pub asked: usize,
    pub fate: Fate,
}

pub enum Fate {
    NotCounted,
    Rejected(&'static str),
    Drawn { grant: usize, units: u64, left: u64, key: &'static str, over: Option<usize> },
    Charged { cause: Cause, ladder: Option<usize>, number: u64, opened: Option<i64>, closes: Option<i64> },
}

/// What has been used up so far.
#[derive(Default)]
pub struct Counters {
    /// By grant, and by month for a quota that comes back monthly.
    pub used: BTreeMap<(usize, Option<i32>), u64>,
    /// By the first version of a price, API, and month unless it is never reset.
    pub climbed: BTreeMap<(usize, usize, Option<i32>), u64>,
    /// Where each month's last call stands on a price's ladder, for one API.
    pub reached: BTreeMap<(usize, usize, i32), u64>,
    /// The same two of each row on its own, to tell what the versions' one count decides.
    pub alone: BTreeMap<(usize, usize, Option<i32>), u64>,
    pub reached_alone: BTreeMap<(usize, usize, i32), u64>,
}

impl Counters {
    pub fn left(&self, world: &World, grant: usize, at: i64) -> u64 {
        let used = self.used.get(&(grant, grant_month(world, grant, at))).copied().unwrap_or(0);
        world.grants[grant].quota - used
    }

    /// Enough for one call of this API.
    pub fn has_left(&self, world: &World, grant: usize, call: &Asked) -> bool {
        self.left(world, grant, call.at) >= world.takes(&world.grants[grant], call.api)
    }
}

pub fn grant_month(world: &World, grant: usize, at: i64) -> Option<i32> {
    let monthly = world.grants[grant].free.is_some_and(|free| free.every == Every::Month);
    monthly.then(|| clock::month(at))
}

pub fn ladder_month(world: &World, ladder: usize, at: i64) -> Option<i32> {
    (!world.ladders[ladder].never_reset).then(|| clock::month(at))
}

/// All requests up to the period's end that the opening state does not hold already.
pub fn requests(world: &World) -> Vec<Asked> {
    let mut all = Vec::new();
    for (number, row) in world.request.usage.iter().enumerate() {
        let api = world.api(&row.api);
        let catalog_calls = world.request.catalog.apis[api].calls_per_request.unwrap_or(1);
        for (start, end, calls) in world.intervals(&row.when) {
            for k in 0..calls {
                let share = row.succeed.as_deref().filter(|_| !matches!(row.when, When::At { .. }));
                let succeeds = share.is_none_or(|share| {
                    let (share, one) = (crate::money::read(share), crate::money::read("1"));
                    i128::from(k + 1) * share / one > i128::from(k) * share / one
                });
                let at = start + (k as i128 * (end - start) as i128 / calls as i128) as i64;
                if at >= world.end || world.opened.is_some_and(|opened| at < opened) {
                    continue;
                }
                let (second, (at, until)) = (at, world.window(at));
                let status = if succeeds { row.status } else { Some(500) };
                let processed = status.is_none_or(|status| (200..300).contains(&status));
                all.push(Asked {
                    row: number,
                    second,
                    at,
                    until,
                    api,
                    region: world.region(&row.region),
                    project: row.project.clone(),
                    user: row.user.clone(),
                    status,
                    error_code: row.error_code.clone(),
                    processed,
                    succeeds: processed && self::succeeds(world, row.error_code.as_deref()),
                    calls: row.billable.unwrap_or(catalog_calls),
                });
            }
        }
    }
    in_order(&mut all);
    all
}

pub fn in_order(all: &mut [Asked]) {
    all.sort_by(|a, b| {
        let key = |r: &Asked| (r.at, r.api, r.region);
        let own = |r: &Asked| (r.second, !r.succeeds);
        key(a).cmp(&key(b)).then_with(|| (&a.project, &a.user).cmp(&(&b.project, &b.user))).then_with(|| own(a).cmp(&own(b)))
    });
}

/// The counters as the opening state and the grants' own `used` leave them.
pub fn opening(world: &World) -> Counters {
    let mut counters = Counters::default();
    for (at, grant) in world.grants.iter().enumerate().filter(|(_, grant)| grant.free.is_none()) {
        counters.used.insert((at, None), grant.used_before);
    }
    let Some(state) = &world.request.opening else {
        return counters;
    };
    for entry in &state.grants {
        let at = world.grants.iter().position(|grant| grant.free.is_none() && grant.id == entry.id);
        counters.used.insert((at.unwrap(), None), entry.used);
    }
    for entry in &state.free {
        let api = world.api(&entry.api);
        let at = world.grants.iter().position(|grant| grant.free.is_some() && grant.apis.contains(&api));
        counters.used.insert((at.unwrap(), entry.month.as_deref().map(clock::read_month)), entry.used);
    }
    for entry in &state.ladders {
        let row = (0..world.ladders.len()).find(|&row| world.ladder_number(row) == entry.ladder).unwrap();
        let (api, month) = (world.api(&entry.api), entry.month.as_deref().map(clock::read_month));
        counters.climbed.insert((world.ladders[row].first, api, month), entry.calls);
        counters.alone.insert((row, api, month), entry.calls);
    }
    counters
}

pub fn decide_all(world: &World, asked: &[Asked], seen: &mut Seen) -> (Vec<Call>, Counters) {
    let mut counters = opening(world);
    let calls = decide_some(world, asked, 0..asked.len(), &mut counters, seen);
    (calls, counters)
}

/// The calls of some requests, which follow those that the counters hold.
pub fn decide_some(world: &World, asked: &[Asked], which: Range<usize>, counters: &mut Counters, seen: &mut Seen) -> Vec<Call> {
    let doors = Doors::new(world);
    let ranks: Vec<Vec<i64>> = world.grants.iter().map(|grant| world.rank(grant)).collect();
    let mut calls = Vec::new();
    for index in which {
        let request = &asked[index];
        let admission = doors.admit(request.api, request.region, request.user.as_deref(), request.at);
        for _ in 0..request.calls {
            let fate = if !request.succeeds {
                Fate::NotCounted
            } else if let Some(admission) = &admission {
                decide(world, &ranks, request, admission, counters, seen)
            } else {
                Fate::Rejected(NOT_OPEN)
            };
            seen::door(world, &doors, request, &admission, &fate, seen);
            calls.push(Call { asked: index, fate });
        }
        seen::request(world, request.row, &calls[calls.len() - request.calls as usize..], seen);
    }
    calls
}

/// The grants that could pay for this call now, best first, also those that wait.
pub fn payers(world: &World, ranks: &[Vec<i64>], call: &Asked, counters: &Counters) -> Vec<usize> {
    let mut payers: Vec<usize> = (0..world.grants.len())
        .filter(|&at| {
            let grant = &world.grants[at];
            serves(world, at, call) && grant.in_term(call) && counters.has_left(world, at, call) && grant.in_hours(call)
        })
        .collect();
    payers.sort_by(|&a, &b| ranks[a].cmp(&ranks[b]));
    payers
}

/// K5, one at a time: an earlier purchase of the same class for this API and region is not used up.
pub fn waits(world: &World, grant: usize, call: &Asked, counters: &Counters) -> bool {
    let waiting = &world.grants[grant];
    world.request.catalog.stacking == Stacking::OneAtATime
        && world.grants.iter().enumerate().any(|(at, earlier)| {
            let same = earlier.class == waiting.class && earlier.apis.contains(&call.api) && earlier.regions.contains(&call.region);
            same && earlier.bought() < waiting.bought() && earlier.in_term(call) && counters.has_left(world, at, call)
        })
}

/// API, region and project fit.
pub fn serves(world: &World, grant: usize, call: &Asked) -> bool {
    let grant = &world.grants[grant];
    grant.apis.contains(&call.api) && grant.regions.contains(&call.region) && grant.fits_project(call.project.as_deref())
}

fn decide(world: &World, ranks: &[Vec<i64>], call: &Asked, admission: &Admission, counters: &mut Counters, seen: &mut Seen) -> Fate {
    if let Some(code) = world.stops.every_call(call.at) {
        return Fate::Rejected(code);
    }
    let able = payers(world, ranks, call, counters);
    let payer = able.iter().position(|&at| !waits(world, at, call, counters));
    seen::passed_over(world, ranks, call, counters, payer.map(|place| able[place]), seen);
    if let Some(place) = payer {
        let grant = able[place];
        let units = world.takes(&world.grants[grant], call.api);
        *counters.used.entry((grant, grant_month(world, grant, call.at))).or_default() += units;
        let (key, over) = match (place, able.get(place + 1)) {
            (1.., _) => ("waiting", Some(able[0])),
            (0, Some(&next)) => (world.deciding_key(ranks, grant, next), Some(next)),
            (0, None) => ("only", None),
        };
        return Fate::Drawn { grant, units, left: counters.left(world, grant, call.at), key, over };
    }
    if !world.request.catalog.pay_per_use {
        return Fate::Rejected("no_quota");
    }
    // P8.
    if world.request.pay_per_use == Some(false) {
        return Fate::Rejected("pay_per_use_off");
    }
    if let Some(code) = world.stops.uncovered_call(world, call) {
        return Fate::Rejected(code);
    }
    let cause = cause::of(world, call, admission, counters);
    let ladder = price::row_for(world, call.api, call.region, call.at, admission.subscribed);
    let mut number = 0;
    if let Some(row) = ladder {
        let (month, first) = (ladder_month(world, row, call.at), world.ladders[row].first);
        let count = |counts: &mut BTreeMap<(usize, usize, Option<i32>), u64>, row: usize| {
            let climbed = counts.entry((row, call.api, month)).or_default();
            *climbed += 1;
            *climbed
        };
        number = count(&mut counters.climbed, first);
        counters.reached.insert((first, call.api, clock::month(call.at)), number);
        let alone = count(&mut counters.alone, row);
        counters.reached_alone.insert((row, call.api, clock::month(call.at)), alone);
        seen_versions::climbed(world, counters, call, row, seen);
    }
    Fate::Charged { cause, ladder, number, opened: admission.opened, closes: admission.closes }
}
