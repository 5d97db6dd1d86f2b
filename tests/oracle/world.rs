//! The request with every name looked up: what the calls are decided and priced from.

use crate::clock::{self, Clock};
use crate::grants::{self, Grant, index};
use crate::input::{Key, LadderRow, Request, Settlement, Shape, When};
use crate::money;
use crate::profile;
use crate::stops::Stops;
use crate::windows;
use serde::Deserialize;

/// P2: what a call to an API that is not open is refused with, where the catalog has no code of its own.
pub const NOT_OPEN: &str = "not_open";

pub struct World {
    pub request: Request,
    pub clock: Clock,
    pub grants: Vec<Grant>,
    /// Entered rows first, then the list's.
    pub ladders: Vec<Ladder>,
    /// None: open wherever called.
    pub subscriptions: Option<Vec<Subscription>>,
    pub start: i64,
    pub end: i64,
    /// Calls and purchases before this instant are done; None: nothing is.
    pub opened: Option<i64>,
    /// K7, windows that overlap: where they are cut within settlement cycles.
    pub cuts: Option<Vec<i64>>,
    /// Where an account in arrears has calls refused.
    pub stops: Stops,
}

pub struct Ladder {
    /// "catalog.ladders[0]".
    pub place: String,
    pub entered: bool,
    /// P4: the row whose count this one shares, the first of its versions; often itself.
    pub first: usize,
    /// In the catalog's order.
    pub apis: Vec<usize>,
    pub regions: Option<Vec<usize>>,
    pub from: Option<i64>,
    pub until: Option<i64>,
    pub keep: bool,
    pub shape: Shape,
    /// Upper bound and price of each step.
    pub steps: Vec<(Option<u64>, Option<i128>)>,
    pub bound_excluded: bool,
    pub per: u64,
    pub whole: bool,
    pub never_reset: bool,
    pub source: String,
}

pub struct Subscription {
    pub api: usize,
    pub region: usize,
    pub user: Option<String>,
    pub from: i64,
    pub until: Option<i64>,
}

impl World {
    pub fn new(json: &serde_json::Value) -> World {
        let request = Request::deserialize(profile::chosen(json).as_ref()).unwrap();
        let clock = Clock { offset: clock::offset(&request.catalog.utc_offset) };
        let grants = grants::all(&request, clock);
        let mut world = World {
            ladders: Vec::new(),
            subscriptions: None,
            start: 0,
            end: 0,
            opened: request.opening.as_ref().map(|state| clock.read(&state.at)),
            cuts: None,
            stops: Stops::default(),
            grants,
            clock,
            request,
        };
        for (at, row) in world.request.entered.ladders.iter().enumerate() {
            world.ladders.push(world.ladder(row, format!("request.entered.ladders[{at}]"), true));
        }
        for (at, row) in world.request.catalog.ladders.iter().enumerate() {
            world.ladders.push(world.ladder(row, format!("catalog.ladders[{at}]"), false));
        }
        for row in 0..world.ladders.len() {
            world.ladders[row].first = world.first_version(row);
        }
        // With `payPerUse: false` subscriptions are ignored.
        if let (true, Some(rows)) = (world.request.catalog.pay_per_use, &world.request.subscriptions) {
            let read = |row: &crate::input::Subscription| Subscription {
                api: world.api(&row.api),
                region: world.region(&row.region),
                user: row.user.clone(),
                from: clock.read(&row.from),
                until: row.until.as_ref().map(|text| clock.read(text)),
            };
            world.subscriptions = Some(rows.iter().map(read).collect());
        }
        (world.start, world.end) = world.period();
        world.cuts = windows::cuts(&world);
        world
    }

    /// The same with stops.
    pub fn stop(&mut self, stops: Stops) {
        self.stops = stops;
        self.cuts = windows::cuts(self);
    }

    pub fn api(&self, id: &str) -> usize {
        index(&self.request.catalog.apis, id, |api| &api.id)
    }

    pub fn region(&self, id: &str) -> usize {
        index(&self.request.catalog.regions, id, |region| &region.id)
    }

    /// How a state names a ladder row: the list's rows by their index, entered ones counted on after them.
    pub fn ladder_number(&self, row: usize) -> usize {
        let entered = self.request.entered.ladders.len();
        if row < entered { self.request.catalog.ladders.len() + row } else { row - entered }
    }

    /// P4: back from version to version, each of which ends where the next begins.
    fn first_version(&self, row: usize) -> usize {
        let later = &self.ladders[row];
        let before = |earlier: &Ladder| {
            let scope = |row: &Ladder| (row.entered, row.apis.clone(), row.regions.clone(), row.never_reset);
            scope(earlier) == scope(later) && earlier.until.is_some() && earlier.until == later.from
        };
        self.ladders.iter().position(before).map_or(row, |earlier| self.first_version(earlier))
    }

    /// P9: the provider's own code where it has one.
    pub fn shown_code<'a>(&'a self, code: &'a str) -> &'a str {
        match &self.request.catalog.not_open_code {
            Some(own) if code == NOT_OPEN => own,
            _ => code,
        }
    }

    /// The settlement cycle that contains an instant.
    pub fn cycle(&self, at: i64) -> (i64, i64) {
        match self.request.catalog.settlement {
            Settlement::Hour => (at.div_euclid(clock::HOUR) * clock::HOUR, (at.div_euclid(clock::HOUR) + 1) * clock::HOUR),
            Settlement::Month => (clock::month_start(clock::month(at)), clock::month_start(clock::month(at) + 1)),
        }
    }

    /// What one call of this API takes out of this grant.
    pub fn takes(&self, grant: &Grant, api: usize) -> u64 {
        if grant.points { self.request.catalog.apis[api].points.unwrap_or(1) } else { 1 }
    }

    /// D6: the whole order as numbers, class first, then the catalog's keys; the smaller goes first.
    pub fn rank(&self, grant: &Grant) -> Vec<i64> {
        let key = |key: &Key| match key {
            Key::Project => i64::from(grant.project.is_none()),
            Key::Limited => i64::from(!grant.limited),
            Key::Created => grant.created,
            Key::Effective => grant.effective,
            Key::Expiry => grant.end,
            Key::Size => grant.quota as i64,
            Key::Sequence => grant.sequence as i64,
        };
        std::iter::once(grant.class as i64).chain(self.request.catalog.order.iter().map(key)).collect()
    }

    /// The key by which one grant goes before another.
    pub fn deciding_key(&self, ranks: &[Vec<i64>], first: usize, second: usize) -> &'static str {
        self.rank_name((0..).find(|&at| ranks[first][at] != ranks[second][at]).unwrap())
    }

    fn rank_name(&self, position: usize) -> &'static str {
        match position.checked_sub(1).map(|at| self.request.catalog.order[at]) {
            None => "class",
            Some(Key::Project) => "project",
            Some(Key::Limited) => "limited",
            Some(Key::Created) => "created",
            Some(Key::Effective) => "effective",
            Some(Key::Expiry) => "expiry",
            Some(Key::Size) => "size",
            Some(Key::Sequence) => "sequence",
        }
    }

    /// Every interval of usage: start, end, number of requests.
    pub fn intervals(&self, when: &When) -> Vec<(i64, i64, u64)> {
        match when {
            When::At { at, calls } => {
                let at = self.clock.read(at);
                vec![(at, at + 1, *calls)]
            }
            When::Window { start, end, calls } => {
                vec![(self.clock.read(start), self.clock.read(end), *calls)]
            }
            When::Months { from, monthly } => {
                let months = clock::read_month(from)..;
                let month = |(month, calls): (i32, &u64)| (clock::month_start(month), clock::month_start(month + 1), *calls);
                months.zip(monthly).map(month).collect()
            }
        }
    }

    /// When a line of this cycle is debited.
    pub fn debited_at(&self, cycle: (i64, i64)) -> i64 {
        match self.request.catalog.settlement {
            Settlement::Hour => cycle.1 + self.request.catalog.debit_after_hours * clock::HOUR,
            Settlement::Month => cycle.1,
        }
    }

    fn period(&self) -> (i64, i64) {
        if let Some(period) = &self.request.period {
            return (self.clock.read(&period.start), self.clock.read(&period.end));
        }
        let usage = self.request.usage.iter().flat_map(|row| self.intervals(&row.when));
        let bought = self.grants.iter().filter(|grant| grant.free.is_none());
        let starts = usage.clone().map(|(start, _, _)| start).chain(bought.clone().map(|grant| grant.created));
        let ends = usage.map(|(_, end, _)| end).chain(bought.map(|grant| grant.end));
        let (first, last) = (starts.min().unwrap(), ends.max().unwrap());
        // What lies before an opening state is not known.
        let start = clock::month_start(clock::month(first)).max(self.opened.unwrap_or(i64::MIN));
        (start, clock::month_start_from(last))
    }

    fn ladder(&self, row: &LadderRow, place: String, entered: bool) -> Ladder {
        let instant = |text: &Option<String>| text.as_ref().map(|text| self.clock.read(text));
        let in_order = |mut list: Vec<usize>| {
            list.sort_unstable();
            list
        };
        Ladder {
            place,
            entered,
            first: 0,
            apis: in_order(row.apis.iter().map(|id| self.api(id)).collect()),
            regions: row.regions.as_ref().map(|ids| in_order(ids.iter().map(|id| self.region(id)).collect())),
            from: instant(&row.from),
            until: instant(&row.until),
            keep: row.on_change.as_deref() == Some("keep"),
            shape: row.shape,
            steps: row.steps.iter().map(|step| (step.up_to, step.unit_price.as_deref().map(money::read))).collect(),
            bound_excluded: row.bound.as_deref() == Some("upTo-excluded"),
            per: row.per.unwrap_or(1),
            whole: row.block.as_deref() == Some("whole"),
            never_reset: row.reset.as_deref() == Some("never"),
            source: row.source.clone(),
        }
    }
}
