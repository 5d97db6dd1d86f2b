//! The question: a catalog, what was bought, what was called, and for which period.
//!
//! Only its shape. What its names mean in the catalog, `question` looks up.

use crate::catalog::{Ladder, Package};
use crate::count::Count;
use crate::money::{Amount, Share};
use crate::time::{Instant, Month, MonthDay};
use crate::value::{Table, Value, reads, reads_word};
use serde::Serialize;
use tsify::Tsify;

/// What `estimate` and `compare` are asked.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The prices and rules.
    #[tsify(type = "Catalog")]
    pub catalog: Value,
    /// Chosen readings by profile id; the others are the first of their profile.
    #[tsify(optional, type = "Record<string, string>")]
    pub profile: Table<String>,
    /// What was bought, in the order of purchase.
    #[tsify(optional)]
    pub grants: Vec<GrantRow>,
    /// What was called. The order does not matter.
    #[tsify(optional)]
    pub usage: Vec<UsageRow>,
    /// Which APIs were open, where, for whom and when; left out: open wherever called.
    #[tsify(optional)]
    pub subscriptions: Option<Vec<SubscriptionRow>>,
    /// Whether pay-per-use is switched on, where the catalog has a switch for it; left out: it is (P8).
    #[tsify(optional)]
    pub pay_per_use: Option<bool>,
    /// Prices that a person typed in.
    #[tsify(optional)]
    pub entered: Entered,
    /// What the answer holds; left out: the months from the first usage or purchase to the last usage or end of a grant.
    #[tsify(optional)]
    pub period: Option<PeriodRow>,
    /// What was used up before: the `closing` of an earlier estimate.
    #[tsify(optional)]
    pub opening: Option<OpeningRow>,
    /// How far the lines are split up.
    #[tsify(optional)]
    pub detail: Detail,
}

reads!(Request { required catalog "catalog", optional profile "profile", optional grants "grants", optional usage "usage", optional subscriptions "subscriptions", optional pay_per_use "payPerUse", optional entered "entered", optional period "period", optional opening "opening", optional detail "detail" });

/// How far the lines are split up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// One line per month.
    #[default]
    Month,
    /// One line per settlement cycle.
    Cycle,
    /// As `cycle`, and every draw-down.
    Draw,
}

reads_word!(Detail { "month" Month, "cycle" Cycle, "draw" Draw });

/// One call, as `receipt` is asked for it.
#[derive(Clone, Debug, Default, Tsify)]
pub struct CallRow {
    /// The second in which it was made.
    pub at: Instant,
    /// The region called.
    pub region: String,
    /// The API called.
    pub api: String,
    /// The project that it carried; left out: any, or none.
    #[tsify(optional)]
    pub project: Option<String>,
    /// Who called; left out: anybody.
    #[tsify(optional)]
    pub user: Option<String>,
    /// Which of these calls, from 1, in the order in which they are taken: by API, region, project, user; of one caller, calls that
    /// are not counted come last. Default 1.
    #[tsify(optional)]
    pub nth: Option<Count>,
}

reads!(CallRow { required at "at", required region "region", required api "api", optional project "project", optional user "user", optional nth "nth" });

/// A purchase.
#[derive(Clone, Debug, Default, Tsify)]
pub struct GrantRow {
    /// Name in the answer; default `g` and the index.
    #[tsify(optional)]
    pub id: Option<String>,
    /// A package of the catalog, or an entered one.
    pub package: String,
    /// Where it was bought and serves.
    pub region: String,
    /// Serves only this one of the package's APIs.
    #[tsify(optional)]
    pub api: Option<String>,
    /// Copies. Default 1.
    #[tsify(optional)]
    pub quantity: Option<Count>,
    /// The instant of payment.
    pub created: Instant,
    /// A chosen start: a 00:00:00 after `created`.
    #[tsify(optional)]
    pub effective: Option<Instant>,
    /// The enterprise project it is bound to.
    #[tsify(optional)]
    pub project: Option<String>,
    /// A limited-time package.
    #[tsify(optional)]
    pub limited: bool,
    /// The price paid for one copy, where it is not the list price.
    #[tsify(optional)]
    pub price: Option<Amount>,
    /// Drawn before the first call of this request, in the grant's unit; fills the copies in order.
    #[tsify(optional)]
    pub used: Option<Count>,
    /// Further terms, in order.
    #[tsify(optional)]
    pub renewals: Vec<RenewalRow>,
}

reads!(GrantRow { optional id "id", required package "package", required region "region", optional api "api", optional quantity "quantity", required created "created", optional effective "effective", optional project "project", optional limited "limited", optional price "price", optional used "used", optional renewals "renewals" });

/// A further term.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct RenewalRow {
    /// The instant of payment.
    pub at: Instant,
    /// The price paid for one copy, where it is not the list price.
    #[tsify(optional)]
    pub price: Option<Amount>,
    /// Moves the new end to the next such day of a month, 1 to 31, at or after the renewed last day (T7). Nobody publishes what the extra days
    /// cost, so the price of the whole renewal is required with it.
    #[tsify(optional)]
    pub expiry_day: Option<MonthDay>,
}

reads!(RenewalRow { required at "at", optional price "price", optional expiry_day "expiryDay" });

/// Requests at an instant, spread over an interval, or spread over each of some months.
#[derive(Clone, Debug, Default, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct UsageRow {
    /// Which of the three; decides which of the fields below are there.
    pub kind: UsageKind,
    /// `at`: the instant.
    #[tsify(optional)]
    pub at: Option<Instant>,
    /// `window`: the first second inside.
    #[tsify(optional)]
    pub start: Option<Instant>,
    /// `window`: the first second outside.
    #[tsify(optional)]
    pub end: Option<Instant>,
    /// `months`: the first month.
    #[tsify(optional)]
    pub from: Option<Month>,
    /// `at`, `window`: requests.
    #[tsify(optional)]
    pub calls: Option<Count>,
    /// `months`: requests of each month.
    #[tsify(optional)]
    pub monthly: Option<Vec<Count>>,
    /// The region called.
    pub region: String,
    /// The API called.
    pub api: String,
    /// The enterprise project the calls carry.
    #[tsify(optional)]
    pub project: Option<String>,
    /// The user who calls.
    #[tsify(optional)]
    pub user: Option<String>,
    /// HTTP status, 100 to 599. Default 200.
    #[tsify(optional)]
    pub status: Option<Count>,
    /// The error code of the answer, where the catalog goes by it; left out, empty or `0`: none (N4).
    #[tsify(optional)]
    pub error_code: Option<String>,
    /// Calls that each request counts as, instead of the API's `callsPerRequest`.
    #[tsify(optional)]
    pub billable: Option<Count>,
    /// `window`, `months`: the share that succeeds; the rest have status 500.
    #[tsify(optional)]
    pub succeed: Option<Share>,
}

reads!(UsageRow { required kind "kind", optional at "at", optional start "start", optional end "end", optional from "from", optional calls "calls", optional monthly "monthly", required region "region", required api "api", optional project "project", optional user "user", optional status "status", optional error_code "errorCode", optional billable "billable", optional succeed "succeed" });

/// How requests lie in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum UsageKind {
    /// All at one instant.
    #[default]
    At,
    /// Spread evenly from a start to an end.
    Window,
    /// Spread evenly over each calendar month.
    Months,
}

reads_word!(UsageKind { "at" At, "window" Window, "months" Months });

/// An API that was opened in a region.
#[derive(Clone, Debug, Default, Tsify)]
pub struct SubscriptionRow {
    /// Where.
    pub region: String,
    /// What.
    pub api: String,
    /// For whom; left out: for all.
    #[tsify(optional)]
    pub user: Option<String>,
    /// The first second open.
    pub from: Instant,
    /// The instant of the switch-off.
    #[tsify(optional)]
    pub until: Option<Instant>,
}

reads!(SubscriptionRow { required region "region", required api "api", optional user "user", required from "from", optional until "until" });

/// Prices that a person typed in. They go before the catalog's.
#[derive(Clone, Debug, Default, Tsify)]
pub struct Entered {
    /// Pay-per-use prices.
    #[tsify(optional)]
    pub ladders: Vec<Ladder>,
    /// Packages; one with a listed id replaces all rows of that id.
    #[tsify(optional)]
    pub packages: Vec<Package>,
}

reads!(Entered { optional ladders "ladders", optional packages "packages" });

/// The period of an answer.
#[derive(Clone, Copy, Debug, Default, Tsify)]
pub struct PeriodRow {
    /// The first second inside.
    pub start: Instant,
    /// The first second outside.
    pub end: Instant,
}

reads!(PeriodRow { required start "start", required end "end" });

/// What was used up before an instant.
#[derive(Clone, Debug, Default, Tsify)]
pub struct OpeningRow {
    /// Calls and purchases before this are done.
    pub at: Instant,
    /// Used of each grant, in its unit.
    #[tsify(optional)]
    pub grants: Vec<OpeningGrant>,
    /// Used of each free quota, in calls.
    #[tsify(optional)]
    pub free: Vec<OpeningFree>,
    /// Calls that stand on each ladder.
    #[tsify(optional)]
    pub ladders: Vec<OpeningLadder>,
}

reads!(OpeningRow { required at "at", optional grants "grants", optional free "free", optional ladders "ladders" });

/// What was used of a grant.
#[derive(Clone, Debug, Default, Tsify)]
pub struct OpeningGrant {
    /// The grant, as answers name it.
    pub id: String,
    /// In the grant's unit.
    pub used: Count,
}

reads!(OpeningGrant { required id "id", required used "used" });

/// What was used of a free quota.
#[derive(Clone, Debug, Default, Tsify)]
pub struct OpeningFree {
    /// The API; the first of the catalog where several share the quota.
    pub api: String,
    /// The month, for a monthly quota.
    #[tsify(optional)]
    pub month: Option<Month>,
    /// In calls.
    pub used: Count,
}

reads!(OpeningFree { required api "api", optional month "month", required used "used" });

/// What stands on a ladder.
#[derive(Clone, Debug, Default, Tsify)]
pub struct OpeningLadder {
    /// Index of the row in `catalog.ladders`, entered rows counted on after them; where a price has several versions (P4), of any of them.
    pub ladder: Count,
    /// The API.
    pub api: String,
    /// The month, for a ladder that resets.
    #[tsify(optional)]
    pub month: Option<Month>,
    /// In calls.
    pub calls: Count,
}

reads!(OpeningLadder { required ladder "ladder", required api "api", optional month "month", required calls "calls" });

/// The same, as an answer gives it.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct State {
    /// Everything before this is done.
    pub at: String,
    /// Used of each purchased grant, where something was used.
    pub grants: Vec<StateGrant>,
    /// Used of each free quota, where something was used.
    pub free: Vec<StateFree>,
    /// Calls on each ladder that has steps, where there are any.
    pub ladders: Vec<StateLadder>,
}

/// What was used of a grant.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct StateGrant {
    /// The grant.
    pub id: String,
    /// In the grant's unit.
    pub used: u64,
}

/// What was used of a free quota.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct StateFree {
    /// The API; the first of the catalog where several share the quota.
    pub api: String,
    /// The month, for a monthly quota.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// In calls.
    pub used: u64,
}

/// What stands on a ladder.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct StateLadder {
    /// Index of the row in `catalog.ladders`, entered rows counted on after them; where a price has several versions (P4), of the first.
    pub ladder: usize,
    /// The API.
    pub api: String,
    /// The month, for a ladder that resets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// In calls.
    pub calls: u64,
}
