//! The request, as the contract writes it: only the fields that can change an answer.

pub use crate::catalog::*;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub catalog: Catalog,
    #[serde(default)]
    pub grants: Vec<GrantRow>,
    #[serde(default)]
    pub usage: Vec<Usage>,
    pub subscriptions: Option<Vec<Subscription>>,
    #[serde(default)]
    pub entered: Entered,
    pub period: Option<Span>,
    pub opening: Option<State>,
    /// P8; None: not said.
    pub pay_per_use: Option<bool>,
    #[serde(default)]
    pub detail: Detail,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Default)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    #[default]
    Month,
    Cycle,
    Draw,
}

#[derive(Deserialize)]
pub struct Span {
    pub start: String,
    pub end: String,
}

#[derive(Deserialize, Clone)]
pub struct GrantRow {
    pub id: Option<String>,
    pub package: String,
    pub region: String,
    pub api: Option<String>,
    pub quantity: Option<u64>,
    pub created: String,
    pub effective: Option<String>,
    pub project: Option<String>,
    #[serde(default)]
    pub limited: bool,
    pub price: Option<String>,
    #[serde(default)]
    pub used: u64,
    #[serde(default)]
    pub renewals: Vec<Renewal>,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Renewal {
    pub at: String,
    pub price: Option<String>,
    pub expiry_day: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    #[serde(flatten)]
    pub when: When,
    pub region: String,
    pub api: String,
    pub project: Option<String>,
    pub user: Option<String>,
    pub status: Option<u64>,
    pub error_code: Option<String>,
    pub billable: Option<u64>,
    pub succeed: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum When {
    At { at: String, calls: u64 },
    Window { start: String, end: String, calls: u64 },
    Months { from: String, monthly: Vec<u64> },
}

#[derive(Deserialize)]
pub struct Subscription {
    pub region: String,
    pub api: String,
    pub user: Option<String>,
    pub from: String,
    pub until: Option<String>,
}

#[derive(Deserialize, Default)]
pub struct Entered {
    #[serde(default)]
    pub ladders: Vec<LadderRow>,
    #[serde(default)]
    pub packages: Vec<PackageRow>,
}

#[derive(Deserialize)]
pub struct State {
    pub at: String,
    pub grants: Vec<GrantUsed>,
    pub free: Vec<FreeUsed>,
    pub ladders: Vec<LadderCalls>,
}

#[derive(Deserialize)]
pub struct GrantUsed {
    pub id: String,
    pub used: u64,
}

#[derive(Deserialize)]
pub struct FreeUsed {
    pub api: String,
    pub month: Option<String>,
    pub used: u64,
}

#[derive(Deserialize)]
pub struct LadderCalls {
    pub ladder: usize,
    pub api: String,
    pub month: Option<String>,
    pub calls: u64,
}
