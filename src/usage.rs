//! What was called: requests as formulas over time, never as a list of calls.
//!
//! A [`Stream`] is everything one user calls of one API in one region for one project. Request k of N over S seconds happens
//! at the interval's start plus floor(k × S ÷ N) seconds, so "how many before t" is one division, however many there are.

use crate::money::Share;
use crate::time::{Instant, Period};

/// Requests spread evenly over an interval.
#[derive(Clone, Debug)]
pub struct Item {
    /// When they are made. One second for requests at an instant.
    pub period: Period,
    /// How many.
    pub requests: u64,
    /// Calls that each counts as.
    pub calls_per_request: u64,
    /// Which of them succeed.
    pub success: Success,
}

/// Which requests of an item succeed (N1, N4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// Every one.
    All,
    /// None.
    None,
    /// Request k when floor((k + 1) × share) > floor(k × share).
    Share(Share),
}

impl Item {
    /// Requests made before `t`: ceil(elapsed × N ÷ S).
    pub fn requests_before(&self, t: Instant) -> u64 {
        if t >= self.period.end {
            return self.requests;
        }
        let (Ok(elapsed), Ok(seconds)) = (u64::try_from(t.0 - self.period.start.0), u64::try_from(self.period.end.0 - self.period.start.0))
        else {
            return 0;
        };
        match elapsed.checked_mul(self.requests) {
            Some(product) => product.div_ceil(seconds),
            None => (u128::from(elapsed) * u128::from(self.requests)).div_ceil(u128::from(seconds)) as u64,
        }
    }

    /// How many of the first `requests` succeed.
    pub fn successful(&self, requests: u64) -> u64 {
        match self.success {
            Success::All => requests,
            Success::None => 0,
            Success::Share(share) => share.of(requests),
        }
    }
}

/// Everything one user calls of one API in one region for one project.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Index of the API.
    pub api: usize,
    /// Index of the region.
    pub region: usize,
    /// The project that the calls carry.
    pub project: Option<String>,
    /// The user who calls.
    pub user: Option<String>,
    /// Earlier starts first.
    pub items: Vec<Item>,
    /// Streams of one group (one API, region and project) share their bill lines.
    pub group: usize,
}

impl Stream {
    /// Whether any of its requests succeeds.
    pub fn succeeds(&self) -> bool {
        self.items.iter().any(|item| item.successful(item.requests) > 0)
    }
}

/// What happens on a stream between two instants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Requests, whatever their status.
    pub requests: u64,
    /// Calls of successful requests.
    pub successful: u64,
    /// Calls of the others.
    pub failed: u64,
}

/// Walks along a stream: knows the items that matter now.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    next: usize,
    active: Vec<Active>,
}

#[derive(Clone, Copy, Debug)]
struct Active {
    item: usize,
    requests_before: u64,
    successful_before: u64,
}

impl Cursor {
    /// Turns to a period; periods must follow each other in time.
    pub fn focus(&mut self, items: &[Item], period: Period) {
        self.active.retain(|active| items[active.item].period.end > period.start);
        while self.next < items.len() && items[self.next].period.start < period.end {
            if items[self.next].period.end > period.start {
                self.active.push(Active { item: self.next, requests_before: 0, successful_before: 0 });
            }
            self.next += 1;
        }
        for active in &mut self.active {
            active.requests_before = items[active.item].requests_before(period.start);
            active.successful_before = items[active.item].successful(active.requests_before);
        }
    }

    /// Calls of successful requests from the period's start to `t`.
    pub fn successful_until(&self, items: &[Item], t: Instant) -> u64 {
        let calls = |active: &Active| {
            let item = &items[active.item];
            (item.successful(item.requests_before(t)) - active.successful_before) * item.calls_per_request
        };
        self.active.iter().map(calls).sum()
    }

    /// Everything from the period's start to `t`.
    pub fn demand_until(&self, items: &[Item], t: Instant) -> Demand {
        let mut demand = Demand::default();
        for active in &self.active {
            let item = &items[active.item];
            let requests = item.requests_before(t);
            let successful = item.successful(requests) - active.successful_before;
            let requests = requests - active.requests_before;
            demand.requests += requests;
            demand.successful += successful * item.calls_per_request;
            demand.failed += (requests - successful) * item.calls_per_request;
        }
        demand
    }

    /// When the next request may come, at the earliest; `None` when there are no more after `after`.
    pub fn next_start(&self, items: &[Item], after: Instant) -> Option<Instant> {
        let running = self.active.iter().any(|active| items[active.item].period.end > after);
        if running { Some(after) } else { items.get(self.next).map(|item| item.period.start.max(after)) }
    }
}
