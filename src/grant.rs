//! Whatever covers calls before money does: free quotas, promotional and purchased packages, plans.
//!
//! Owns a grant's scope and term, and the draw-down order. Does not know what is left of it: that is state, in `deduct`.
//! Always true: two grants never tie, because the last key of every order is the order of purchase.

use crate::catalog::{FreeEvery, Hours, Unit};
use crate::money::Amount;
use crate::rulebook::{ClassKind, OrderKey};
use crate::time::{Instant, Period};
use std::cmp::Ordering;

/// A stock of calls or points with a scope, a term and a place in the draw-down order.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Name in answers: `g0`, `g0#2`, `g0#2+1`.
    pub id: String,
    /// Rank of its class in draw-down order.
    pub class: usize,
    /// What its class counts as.
    pub kind: ClassKind,
    /// Indices of the APIs that it serves.
    pub apis: Vec<usize>,
    /// Indices of the regions that it serves; `None`: all (free quotas only).
    pub regions: Option<Vec<usize>>,
    /// The project whose calls alone it serves (G5).
    pub project: Option<String>,
    /// A limited-time package (D5).
    pub limited: bool,
    /// The instant of payment.
    pub created: Instant,
    /// From the effective instant to the expiry (G6).
    pub term: Period,
    /// When it serves: its term, never before it was created; where windows overlap (K7), all of the windows at both ends.
    pub serving: Period,
    /// The local hours in which alone it serves (K3).
    pub hours: Option<Hours>,
    /// What the quota counts (G4).
    pub unit: Unit,
    /// How much there is.
    pub quota: u64,
    /// How much of it was drawn before the first call.
    pub used_before: u64,
    /// What it is.
    pub source: Source,
}

/// Where a grant comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A free quota of the catalog; of each month anew, or once.
    Free(FreeEvery),
    /// A purchase.
    Purchase(Purchase),
}

/// A purchase: one copy, one term.
#[derive(Clone, Debug)]
pub struct Purchase {
    /// Id of the package.
    pub package: String,
    /// Price of one copy for one term; `None` where none is published.
    pub price: Option<Amount>,
    /// Whether a person entered the package.
    pub entered: bool,
    /// Index of the package's row, in the catalog or among the entered ones.
    pub version: usize,
    /// Index of the request's grant row.
    pub row: usize,
    /// 0 for the first copy.
    pub copy: u64,
    /// Copies in this order.
    pub copies: u64,
    /// 0 for the first term.
    pub renewal: usize,
    /// Days by which the end was moved to a chosen day of the month (T7).
    pub extra_days: u64,
}

impl Grant {
    /// Whether it ever serves: a term that was renewed only after it would have ended does not.
    pub fn ever_serves(&self) -> bool {
        self.created < self.term.end
    }

    /// Whether it is in term (G6).
    pub fn in_term(&self, at: Instant) -> bool {
        self.ever_serves() && self.serving.contains(at)
    }

    /// Whether it serves calls of this hour of the day (K3).
    pub fn serves_hour(&self, hour: u64) -> bool {
        self.hours.is_none_or(|hours| hours.contain(hour))
    }

    /// Whether it serves this API here (G1–G3).
    pub fn serves(&self, api: usize, region: usize) -> bool {
        self.apis.contains(&api) && self.serves_region(region)
    }

    /// Whether it serves calls of this region (G2).
    pub fn serves_region(&self, region: usize) -> bool {
        self.regions.as_ref().is_none_or(|regions| regions.contains(&region))
    }

    /// Whether it serves calls that carry this project (G5).
    pub fn serves_project(&self, project: Option<&str>) -> bool {
        self.project.is_none() || self.project.as_deref() == project
    }

    /// What one call takes, in the grant's unit (G4).
    pub fn takes(&self, points: u64) -> u64 {
        match self.unit {
            Unit::Call => 1,
            Unit::Point => points,
        }
    }

    /// The purchase, unless it is a free quota.
    pub fn purchase(&self) -> Option<&Purchase> {
        match &self.source {
            Source::Purchase(purchase) => Some(purchase),
            Source::Free(_) => None,
        }
    }
}

/// Which of two grants that could serve one call is drawn first, and the key that decides (D1–D6). `a` and `b` are their
/// places in the order of purchase.
pub fn compare(grants: &[Grant], order: &[OrderKey], a: usize, b: usize) -> (Ordering, &'static str) {
    let (x, y) = (&grants[a], &grants[b]);
    let class = x.class.cmp(&y.class);
    if class != Ordering::Equal {
        return (class, "class");
    }
    for key in order {
        let by_key = match key {
            OrderKey::Project => y.project.is_some().cmp(&x.project.is_some()),
            OrderKey::Limited => y.limited.cmp(&x.limited),
            OrderKey::Created => x.created.cmp(&y.created),
            OrderKey::Effective => x.term.start.cmp(&y.term.start),
            OrderKey::Expiry => x.term.end.cmp(&y.term.end),
            OrderKey::Size => x.quota.cmp(&y.quota),
            OrderKey::Sequence => a.cmp(&b),
        };
        if by_key != Ordering::Equal {
            return (by_key, key.name());
        }
    }
    (a.cmp(&b), OrderKey::Sequence.name())
}
