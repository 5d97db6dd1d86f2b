//! Calls of a log, counted by the hour and, where that is not exact, by the second.
//!
//! Owns the counts and turns them into streams. However long the log is, there are no more counts than hours × streams.

use crate::catalog::Catalog;
use crate::log::{Row, StreamKey};
use crate::sort::sort_by;
use crate::time::{HOUR, Instant, Period};
use crate::usage::{Item, Stream, Success};
use std::collections::BTreeMap;

/// Requests by stream and success, and the second of the first: slot 2 × stream is successful, the next one is not.
#[derive(Clone, Debug, Default)]
struct Slots(Vec<(u64, i64)>);

impl Slots {
    #[inline]
    fn add(&mut self, row: &Row) {
        let slot = slot(row);
        if slot >= self.0.len() {
            self.0.resize(slot + 1, (0, i64::MAX));
        }
        let (requests, first) = &mut self.0[slot];
        // Counts are checked when they become a question.
        *requests = requests.saturating_add(row.requests);
        *first = (*first).min(row.at.0);
    }
}

fn slot(row: &Row) -> usize {
    2 * row.stream + usize::from(!row.successful)
}

/// What was counted in an hour, and where in the file its rows stand.
#[derive(Clone, Debug, Default)]
struct Hour {
    slots: Slots,
    from: u64,
    to: u64,
    /// Whether it is counted by the second.
    refined: bool,
}

/// An hour to be read again, second by second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refine {
    /// The hour.
    pub hour: Period,
    /// Its first row starts at this byte of the file.
    pub from: u64,
    /// Its last row ends before this byte.
    pub to: u64,
}

/// Everything counted so far.
#[derive(Clone, Debug)]
pub struct Counts {
    /// Seconds by which hours of the catalog's zone are shifted against those of UTC.
    shift: i64,
    hours: BTreeMap<i64, Hour>,
    /// The hour of the last row, taken out of the others: the next row is often of the same.
    current: (i64, Hour),
    /// Requests by second and slot.
    seconds: BTreeMap<(i64, usize), u64>,
    /// Hours that are counted by the second now.
    refining: Vec<i64>,
    /// Every hour is counted by the second at once.
    by_second: bool,
}

impl Counts {
    /// Nothing yet. `by_second`: every call's second is wanted, whatever it takes.
    pub fn new(catalog: &Catalog, by_second: bool) -> Self {
        let shift = catalog.utc_offset.hour_start(Instant(0)).0;
        Counts {
            shift,
            hours: BTreeMap::new(),
            current: (i64::MIN, Hour::default()),
            seconds: BTreeMap::new(),
            refining: Vec::new(),
            by_second,
        }
    }

    fn hour(&self, at: Instant) -> i64 {
        at.0.saturating_sub(self.shift).div_euclid(HOUR)
    }

    /// Counts a row by its hour. `from` and `to` are where it stands in the file.
    #[inline]
    pub fn add(&mut self, row: &Row, from: u64, to: u64) {
        let hour = self.hour(row.at);
        if self.current.0 != hour {
            self.turn(hour, from);
        }
        let current = &mut self.current.1;
        current.slots.add(row);
        current.from = current.from.min(from);
        current.to = current.to.max(to);
        if self.by_second {
            current.refined = true;
            self.count_second(row);
        }
    }

    fn count_second(&mut self, row: &Row) {
        let count = self.seconds.entry((row.at.0, slot(row))).or_default();
        *count = count.saturating_add(row.requests);
    }

    #[cold]
    fn turn(&mut self, hour: i64, from: u64) {
        self.put_back();
        let found = self.hours.remove(&hour).unwrap_or_else(|| Hour { from, ..Hour::default() });
        self.current = (hour, found);
    }

    fn put_back(&mut self) {
        let (hour, counted) = std::mem::replace(&mut self.current, (i64::MIN, Hour::default()));
        if hour != i64::MIN {
            self.hours.insert(hour, counted);
        }
    }

    /// Counts a row by its second, if it lies in an hour that is refined now.
    #[inline]
    pub fn add_second(&mut self, row: &Row) {
        if self.refining.binary_search(&self.hour(row.at)).is_ok() {
            self.count_second(row);
        }
    }

    /// Which of the hours that contain these instants are not counted by the second yet. The next pass counts them.
    pub fn refine(&mut self, instants: &[Instant]) -> Vec<Refine> {
        self.put_back();
        let mut refine = Vec::new();
        self.refining.clear();
        for &at in instants {
            let hour = self.hour(at);
            let Some(counted) = self.hours.get_mut(&hour) else { continue };
            let period = period(self.shift, hour);
            if !std::mem::replace(&mut counted.refined, true) {
                self.refining.push(hour);
                refine.push(Refine { hour: period, from: counted.from, to: counted.to });
            }
        }
        sort_by(&mut refine, |a, b| a.hour.start.cmp(&b.hour.start));
        sort_by(&mut self.refining, |a, b| a.cmp(b));
        refine
    }

    /// The counts as streams, in the order in which requests of one instant are taken.
    pub fn streams(&mut self, catalog: &Catalog, keys: &[StreamKey]) -> Vec<Stream> {
        self.put_back();
        let mut items: Vec<Vec<Item>> = vec![Vec::new(); keys.len()];
        for (&hour, counted) in &self.hours {
            let period = period(self.shift, hour);
            if counted.refined && !self.refining.contains(&hour) {
                for (&(second, slot), &requests) in self.seconds.range((period.start.0, 0)..(period.end.0, 0)) {
                    enter(catalog, keys, slot, requests, Period { start: Instant(second), end: Instant(second + 1) }, &mut items);
                }
            } else {
                // Where a line's use begins is exact: the first request stands at its second, the others are spread over the rest.
                for (slot, &(requests, first)) in counted.slots.0.iter().enumerate().filter(|(_, counted)| counted.0 > 0) {
                    enter(catalog, keys, slot, requests, Period { start: Instant(first), ..period }, &mut items);
                }
            }
        }
        let mut streams: Vec<Stream> = Vec::new();
        for ((api, region, project, user), mut items) in keys.iter().zip(items).filter(|(_, items)| !items.is_empty()) {
            sort_by(&mut items, |a, b| (a.period.start, a.period.end).cmp(&(b.period.start, b.period.end)));
            let (api, region, project, user) = (*api, *region, project.clone(), user.clone());
            streams.push(Stream { api, region, project, user, items, group: 0 });
        }
        sort_by(&mut streams, |a, b| (a.api, a.region, &a.project, &a.user).cmp(&(b.api, b.region, &b.project, &b.user)));
        for i in 1..streams.len() {
            let (before, this) = (&streams[i - 1], &streams[i]);
            let same = (before.api, before.region, &before.project) == (this.api, this.region, &this.project);
            streams[i].group = before.group + usize::from(!same);
        }
        streams
    }

    /// Hours counted by the second in which several requests stand at the very first one, and none elsewhere.
    pub fn whole_hours(&self) -> Vec<Period> {
        let refined = self.hours.iter().filter(|(hour, counted)| counted.refined && !self.refining.contains(hour));
        let whole = refined.filter(|(hour, _)| {
            let period = period(self.shift, **hour);
            let mut seconds = self.seconds.range((period.start.0, 0)..(period.end.0, 0));
            let (mut requests, mut elsewhere) = (0, false);
            seconds.by_ref().for_each(|((second, _), count)| {
                requests = count.saturating_add(requests);
                elsewhere |= *second != period.start.0;
            });
            requests > 1 && !elsewhere
        });
        whole.map(|(hour, _)| period(self.shift, *hour)).collect()
    }

    /// The hours that were refined are counted by the second from now on.
    pub fn refined(&mut self) {
        self.refining.clear();
    }
}

fn period(shift: i64, hour: i64) -> Period {
    Period { start: Instant(hour * HOUR + shift), end: Instant((hour + 1) * HOUR + shift) }
}

fn enter(catalog: &Catalog, keys: &[StreamKey], slot: usize, requests: u64, period: Period, items: &mut [Vec<Item>]) {
    let stream = slot / 2;
    let calls_per_request = catalog.apis[keys[stream].0].calls_per_request.map_or(1, |calls| calls.0);
    let success = if slot.is_multiple_of(2) { Success::All } else { Success::None };
    items[stream].push(Item { period, requests, calls_per_request, success });
}
