//! The shape of an answer: what `estimate` says. Every amount is exact or cut by a rule that the catalog names; `null` is "not known".

use crate::catalog::{Severity, Unit};
use crate::money::Amount;
use crate::request::State;
use crate::tariff::Slice;
use serde::Serialize;
use tsify::Tsify;

/// What it costs.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// What the answer holds; the end is outside.
    pub period: Span,
    /// Packages and pay-per-use; `null` where a price is missing.
    pub total: Option<Amount>,
    /// What packages bought in the period cost.
    pub packages: Option<Amount>,
    /// What pay-per-use is charged.
    pub pay_per_use: Option<Amount>,
    /// What the bill's cut dropped; negative when it rounded up.
    pub rounded_off: Option<Amount>,
    /// What has no published price and no entered one.
    pub unpriced: Vec<Unpriced>,
    /// Calls by what became of them.
    pub calls: Calls,
    /// Refused calls by reason.
    pub refused: Vec<Refused>,
    /// Why calls cost money, over all lines.
    pub causes: Vec<CauseLine>,
    /// Packages on sale in the period for what is called.
    pub offers: Vec<Offer>,
    /// Purchased grants, in the order of purchase.
    pub grants: Vec<GrantUse>,
    /// What each grant paid, by API, region, project and month. The small module leaves it out.
    #[cfg_attr(not(feature = "whole"), serde(skip))]
    pub paid: Vec<PaidLine>,
    /// Each month of the period.
    pub months: Vec<MonthSum>,
    /// The bill.
    pub lines: Vec<BillLine>,
    /// Every draw-down, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<Vec<DrawLine>>,
    /// What was decided or assumed.
    pub notes: Vec<Note>,
    /// What is used up at the period's end.
    pub closing: State,
}

/// An interval; the end is outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Span {
    /// The first second inside.
    pub start: String,
    /// The first second outside.
    pub end: String,
}

/// Something without a price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Unpriced {
    /// Where in the catalog the price would stand.
    pub place: String,
    /// The API whose calls cannot be priced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The package whose price is not published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
}

/// Calls by what became of them. `counted` = free + promotional + package + payPerUse.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Calls {
    /// Requests, whatever their status.
    pub requests: u64,
    /// Billable calls.
    pub counted: u64,
    /// Calls of requests with a status other than 2xx.
    pub not_counted: u64,
    /// Refused calls.
    pub rejected: u64,
    /// Paid by grants of kind free.
    pub free: u64,
    /// Paid by grants of kind promotional.
    pub promotional: u64,
    /// Paid by grants of kind package.
    pub package: u64,
    /// Charged.
    pub pay_per_use: u64,
    /// Paid by grants, by class.
    #[tsify(type = "Record<string, number>")]
    pub by_class: ByClass,
}

/// Calls by class, in draw-down order; an object outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByClass(pub Vec<(String, u64)>);

impl Serialize for ByClass {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(class, calls)| (class, calls)))
    }
}

/// Refused calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Refused {
    /// Where the API is not open: the provider's own code, or `not_open` where its catalog has none. Else ours: `no_quota`, `pay_per_use_off`,
    /// or what arrears did.
    pub code: String,
    /// The API called.
    pub api: String,
    /// The region called.
    pub region: String,
    /// How many.
    pub calls: u64,
}

/// One term of one copy of a purchase. `quota` = used + left + expired.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct GrantUse {
    /// `g0`, second copy `g0#2`, its first renewal `g0#2+1`.
    pub id: String,
    /// The package bought.
    pub package: String,
    /// Its class.
    pub class: String,
    /// The one API that it serves, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Where it serves.
    pub region: String,
    /// The first second of its term.
    pub start: String,
    /// The first second after its term.
    pub end: String,
    /// What the counts below count.
    pub unit: Unit,
    /// What it held.
    pub quota: u64,
    /// Calls that it paid in the period.
    pub calls: u64,
    /// Drawn up to the period's end.
    pub used: u64,
    /// Left at the period's end, while in term.
    pub left: u64,
    /// Left when the term ended.
    pub expired: u64,
    /// For one copy and one term; `null` where no price is published.
    pub price: Option<Amount>,
    /// Set where a person entered the package.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub entered: bool,
    /// Set where it was paid before the period.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub paid_before: bool,
}

/// Calls of one API, region and project that one grant paid in a month.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PaidLine {
    /// The month in which the calls' settlement cycles start: `2026-01`.
    pub month: String,
    /// The API called.
    pub api: String,
    /// The region called.
    pub region: String,
    /// The project that the calls carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The grant; `free:` and an API for a free quota.
    pub grant: String,
    /// Calls.
    pub calls: u64,
    /// What they took, in the grant's unit.
    pub units: u64,
}

/// A package on sale, and what a call costs in it.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// The package.
    pub package: String,
    /// Calls or points that it holds.
    pub quota: u64,
    /// What the quota counts.
    pub unit: Unit,
    /// List price; `null` where none is published.
    pub price: Option<Amount>,
    /// Price of one call, half-up to six decimals; `null` where there is no price, and for points.
    pub per_call: Option<Amount>,
    /// The price as a share of what its calls cost at the first step of pay-per-use, half-up to four decimals; `null` where either is unknown.
    pub share_of_pay_per_use: Option<Amount>,
    /// Set where a person entered the package.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[tsify(optional)]
    pub entered: bool,
}

/// One month.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct MonthSum {
    /// `2026-01`.
    pub month: String,
    /// Packages and pay-per-use.
    pub total: Option<Amount>,
    /// What packages bought in this month cost.
    pub packages: Option<Amount>,
    /// What pay-per-use of cycles that start in this month is charged.
    pub pay_per_use: Option<Amount>,
    /// What the bill's cut dropped.
    pub rounded_off: Option<Amount>,
    /// Calls by what became of them.
    pub calls: Calls,
}

/// One line of the bill.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct BillLine {
    /// What it is for.
    pub kind: LineKind,
    /// The settlement cycle; of merged lines, from the first to the last.
    pub cycle: Span,
    /// How many cycles are merged.
    pub cycles: u64,
    /// When it was used; of a package, its term.
    pub used: Span,
    /// When it is debited.
    pub debited_at: String,
    /// The API; of a package with several, the first.
    pub api: String,
    /// The region.
    pub region: String,
    /// The project that the calls carried, or that the package is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The package bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// The grant of its first copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// Copies bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Calls charged.
    pub calls: u64,
    /// What they are made of.
    pub slices: Vec<Slice>,
    /// Cut by the rule for lines.
    pub amount: Option<Amount>,
    /// What is charged.
    pub charged: Option<Amount>,
    /// Amount less what is charged.
    pub rounded_off: Option<Amount>,
    /// Why the calls were charged; they add up to the line.
    pub causes: Vec<CauseLine>,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// A package bought or renewed.
    Package,
    /// Calls that no grant covered.
    PayPerUse,
}

/// The part of a line that has one cause.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct CauseLine {
    /// The cause.
    pub code: String,
    /// Calls.
    pub calls: u64,
    /// Their part of the line's amount.
    pub amount: Option<Amount>,
    /// The rule behind it.
    pub rule: String,
}

/// The longest run of calls of one API, region and project that one grant served in one cycle.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct DrawLine {
    /// The second of the first call.
    pub from: String,
    /// The second after the last call.
    pub to: String,
    /// The API called.
    pub api: String,
    /// The region called.
    pub region: String,
    /// The project that the calls carried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The grant; `free:` and an API for a free quota.
    pub grant: String,
    /// Calls.
    pub calls: u64,
    /// What they took, in the grant's unit.
    pub units: u64,
    /// What the grant had left after the last call.
    pub left: u64,
    /// Why this grant.
    pub because: BecauseLine,
}

/// Why a grant was drawn.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct BecauseLine {
    /// `only` where no other grant could have paid; else `class` or the key of the catalog's order that decided.
    pub key: String,
    /// The grant passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// The rule behind the key.
    pub rule: String,
}

/// Something decided or assumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Note {
    /// Stable name; the page words it.
    pub code: String,
    /// The rule behind it.
    pub rule: String,
    /// How serious it is.
    pub severity: Severity,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}
