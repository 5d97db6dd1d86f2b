//! The catalog, as the contract writes it: only the fields that can change an answer.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalog {
    pub currency: String,
    pub utc_offset: String,
    pub settlement: Settlement,
    #[serde(default)]
    pub debit_after_hours: i64,
    pub pay_per_use: bool,
    /// P8: whether it is on is the account's word.
    #[serde(default)]
    pub pay_per_use_switch: bool,
    #[serde(default)]
    pub success: Success,
    /// P9: the provider's own code of a call to an API that is not open.
    pub not_open_code: Option<String>,
    pub overdue: Option<Overdue>,
    pub rounding: Rounding,
    pub classes: Vec<Class>,
    pub order: Vec<Key>,
    pub regions: Vec<Named>,
    pub apis: Vec<Api>,
    pub ladders: Vec<LadderRow>,
    pub packages: Vec<PackageRow>,
    #[serde(default)]
    pub limited: Limited,
    #[serde(default)]
    pub stacking: Stacking,
    #[serde(default)]
    pub windows: Windows,
    #[serde(default)]
    pub late_renewal: LateRenewal,
    #[serde(default)]
    pub arrears: Arrears,
    pub lifecycle: Option<Tiers>,
    /// Which rule is cited for a key or a reason.
    #[serde(default)]
    pub cites: BTreeMap<String, String>,
}

/// N4.
#[derive(Deserialize, Default)]
pub struct Success {
    pub by: SuccessBy,
    /// Error codes of calls that are billed all the same.
    #[serde(default)]
    pub billed: Vec<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessBy {
    #[default]
    HttpStatus,
    ErrorCode,
}

/// L11: the service stops so many hours after a debit that takes the available credit below zero.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
pub struct Overdue {
    pub stop_after_hours: i64,
    pub packages: WhileStopped,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum WhileStopped {
    GoOn,
    Stop,
}

/// K3.
#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Limited {
    #[default]
    Term,
    OffPeak,
}

/// K5.
#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Stacking {
    #[default]
    AddUp,
    OneAtATime,
}

/// K7.
#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Windows {
    #[default]
    Inside,
    Overlap,
}

/// K9.
#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum LateRenewal {
    #[default]
    OldExpiry,
    Renewal,
}

/// K6.
#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Arrears {
    #[default]
    Serve,
    NoCalls,
}

#[derive(Deserialize)]
pub struct Tiers {
    pub tiers: BTreeMap<String, Lifecycle>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "camelCase")]
pub struct Lifecycle {
    pub package: Periods,
    pub pay_per_use: Periods,
}

/// Days of 24 hours.
#[derive(Deserialize, Clone, Copy)]
pub struct Periods {
    pub grace: i64,
    pub retention: i64,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Settlement {
    Hour,
    Month,
}

#[derive(Deserialize)]
pub struct Rounding {
    pub line: Cut,
    pub bill: BillCut,
}

#[derive(Deserialize, Clone, Copy)]
pub struct Cut {
    pub places: u32,
    pub mode: Mode,
}

#[derive(Deserialize, Clone, Copy)]
pub struct BillCut {
    pub at: BillAt,
    pub places: u32,
    pub mode: Mode,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Truncate,
    HalfUp,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum BillAt {
    Line,
    Month,
}

#[derive(Deserialize)]
pub struct Class {
    pub id: String,
    pub kind: Kind,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Free,
    Promotional,
    Package,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    Project,
    Limited,
    Created,
    Effective,
    Expiry,
    Size,
    Sequence,
}

#[derive(Deserialize)]
pub struct Named {
    pub id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Api {
    pub id: String,
    pub calls_per_request: Option<u64>,
    pub points: Option<u64>,
    pub free: Option<Free>,
}

#[derive(Deserialize)]
pub struct Free {
    pub calls: u64,
    pub every: Every,
    pub regions: Option<Vec<String>>,
    pub shared: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    Month,
    Once,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LadderRow {
    pub apis: Vec<String>,
    pub regions: Option<Vec<String>>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub on_change: Option<String>,
    pub shape: Shape,
    pub steps: Vec<StepRow>,
    pub bound: Option<String>,
    pub per: Option<u64>,
    pub block: Option<String>,
    pub reset: Option<String>,
    pub source: String,
}

#[derive(Deserialize, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    Flat,
    Graduated,
    Volume,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepRow {
    pub up_to: Option<u64>,
    pub unit_price: Option<String>,
}

#[derive(Deserialize)]
pub struct PackageRow {
    pub id: String,
    pub apis: Vec<String>,
    pub class: String,
    pub quota: u64,
    pub unit: Option<String>,
    pub price: Option<String>,
    pub term: Term,
    pub from: Option<String>,
    pub until: Option<String>,
    pub hours: Option<Hours>,
}

/// From one full hour of the day to another, past midnight if the second is the smaller.
#[derive(Deserialize, Clone, Copy)]
pub struct Hours {
    pub from: i64,
    pub to: i64,
}

#[derive(Deserialize)]
pub struct Term {
    #[serde(default)]
    pub years: i32,
    #[serde(default)]
    pub months: i32,
    #[serde(default)]
    pub days: i64,
    pub ends: Option<String>,
}
