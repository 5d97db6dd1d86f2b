//! The rules that a provider follows, as words of its catalog: settlement, rounding, classes, draw-down order, readings.
//!
//! Owns the words and what each means for an instant or an hour. Does not apply them: `deduct` and `bill` do.

use crate::money::Cut;
use crate::time::{HOUR, Instant, Period, Zone};
use crate::value::{Text, reads, reads_word};
use tsify::Tsify;

/// How often pay-per-use is settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// At each full hour.
    #[default]
    Hour,
    /// On the 1st of the next month.
    Month,
}

reads_word!(Settlement { "hour" Hour, "month" Month });

impl Settlement {
    /// The settlement cycle that contains an instant.
    pub fn cycle(self, zone: Zone, at: Instant) -> Period {
        match self {
            Settlement::Hour => {
                let start = zone.hour_start(at);
                Period { start, end: Instant(start.0 + HOUR) }
            }
            Settlement::Month => zone.month_period(zone.month(at)),
        }
    }
}

/// What "limited" says of a package (K3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Limited {
    /// It is sold for a limited time, and drawn first.
    #[default]
    Term,
    /// It also serves only calls of its local hours.
    OffPeak,
}

reads_word!(Limited { "term" Term, "off-peak" OffPeak });

/// Whether packages of one class for one API are all in force (K5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Stacking {
    /// All of them.
    #[default]
    AddUp,
    /// One waits, unused, while one bought earlier has quota; its term runs.
    OneAtATime,
}

reads_word!(Stacking { "add-up" AddUp, "one-at-a-time" OneAtATime });

/// Which calls of a settlement cycle a package may serve (K7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Windows {
    /// Those inside its term, to the second.
    #[default]
    Inside,
    /// All of a cycle that its term overlaps: all calls of a cycle stand at its first second. A cycle is cut in two where
    /// prices, subscriptions or hours change in it.
    Overlap,
}

reads_word!(Windows { "inside" Inside, "overlap" Overlap });

/// When the term of a renewal starts that was paid after the term before it ended (K9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum LateRenewal {
    /// Where the term before it ended, so that the time between is lost.
    #[default]
    OldExpiry,
    /// When it is paid; its day of the month is kept from then on.
    Renewal,
}

reads_word!(LateRenewal { "old-expiry" OldExpiry, "renewal" Renewal });

/// Which calls go on while the account is in arrears (K6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Arrears {
    /// Those that a grant covers; the others until the end of grace.
    #[default]
    Serve,
    /// None.
    NoCalls,
}

reads_word!(Arrears { "serve" Serve, "no-calls" NoCalls });

/// What counts as a successful request (N4).
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct SuccessRule {
    /// What tells.
    pub by: SuccessBy,
    /// Error codes of requests that failed and count all the same; only where error codes tell.
    #[tsify(optional)]
    pub billed: Vec<String>,
    /// A key of `sources`.
    #[tsify(optional)]
    pub source: Option<String>,
}

reads!(SuccessRule { required by "by", optional billed "billed", optional source "source" });

impl SuccessRule {
    /// Whether a request with this error code counts: without one, with `0`, or with a billed one. Codes are compared exactly.
    pub fn counts(&self, error_code: &str) -> bool {
        matches!(error_code, "" | "0") || self.billed.iter().any(|billed| billed == error_code)
    }
}

/// What tells a successful request from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessBy {
    /// An HTTP status 2xx.
    #[default]
    HttpStatus,
    /// The error code, because whatever was processed is answered with 200. Another HTTP status was not processed.
    ErrorCode,
}

reads_word!(SuccessBy { "http-status" HttpStatus, "error-code" ErrorCode });

/// How amounts are cut.
#[derive(Clone, Copy, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Rounding {
    /// Each line of a cycle.
    pub line: Cut,
    /// What is charged.
    pub bill: BillCut,
}

reads!(Rounding { required line "line", required bill "bill" });

/// How what is charged is cut.
#[derive(Clone, Copy, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct BillCut {
    /// Each line, or the month's sum.
    pub at: BillAt,
    /// Decimals kept, 0 to 10.
    pub places: crate::money::Places,
    /// What becomes of the rest.
    pub mode: crate::money::Mode,
}

reads!(BillCut { required at "at", required places "places", required mode "mode" });

/// What the bill's cut applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum BillAt {
    /// Each line of each cycle.
    #[default]
    Line,
    /// The sum of the account's pay-per-use lines of a month.
    Month,
}

reads_word!(BillAt { "line" Line, "month" Month });

/// A class of grants.
#[derive(Clone, Debug, Default, Tsify)]
#[tsify(missing_as_null)]
pub struct Class {
    /// Stable name.
    pub id: String,
    /// What it counts as.
    pub kind: ClassKind,
    /// What people call it.
    pub name: Text,
}

reads!(Class { required id "id", required kind "kind", required name "name" });

/// What a class counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum ClassKind {
    /// Given to everyone.
    #[default]
    Free,
    /// Given in a promotion.
    Promotional,
    /// Bought.
    Package,
}

reads_word!(ClassKind { "free" Free, "promotional" Promotional, "package" Package });

/// What decides between two grants of one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum OrderKey {
    /// Bound to the call's project first.
    #[default]
    Project,
    /// Limited-time first.
    Limited,
    /// Earlier created first.
    Created,
    /// Earlier effective first.
    Effective,
    /// Earlier to expire first.
    Expiry,
    /// Smaller quota first.
    Size,
    /// Earlier in the order of purchase first.
    Sequence,
}

reads_word!(OrderKey { "project" Project, "limited" Limited, "created" Created, "effective" Effective, "expiry" Expiry, "size" Size, "sequence" Sequence });

impl OrderKey {
    /// The key as it stands in a catalog.
    pub fn name(self) -> &'static str {
        match self {
            OrderKey::Project => "project",
            OrderKey::Limited => "limited",
            OrderKey::Created => "created",
            OrderKey::Effective => "effective",
            OrderKey::Expiry => "expiry",
            OrderKey::Size => "size",
            OrderKey::Sequence => "sequence",
        }
    }
}
