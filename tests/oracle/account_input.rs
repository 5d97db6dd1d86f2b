//! The account of a request, as it is asked.

use crate::clock::{self, Clock};
use crate::input::{Lifecycle, Tiers};
use crate::money;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    balance: String,
    credit: Option<String>,
    vouchers: Option<String>,
    #[serde(default)]
    other_payment: bool,
    tier: Option<String>,
    lifecycle: Option<Lifecycle>,
    #[serde(default)]
    top_ups: Vec<TopUpRow>,
    #[serde(default)]
    auto_renew: Vec<AutoRow>,
    #[serde(default)]
    alerts: AlertRow,
    #[serde(default)]
    budgets: Vec<Budget>,
}

#[derive(Deserialize)]
struct TopUpRow {
    at: String,
    amount: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AutoRow {
    grant: String,
    lead_days: Option<i64>,
    times: Option<u64>,
    from: Option<String>,
    until: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct AlertRow {
    balance_below: Option<String>,
    left_at_most: Option<String>,
    expires_within_days: Option<i64>,
}

#[derive(Deserialize, Clone)]
pub struct Budget {
    pub id: String,
    pub every: String,
    pub from: String,
    pub until: Option<String>,
    pub amount: Amounts,
    #[serde(default)]
    pub scope: Scope,
    pub alerts: Vec<BudgetAlert>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub enum Amounts {
    One(String),
    PerPeriod(Vec<String>),
}

#[derive(Deserialize, Clone, Default)]
pub struct Scope {
    pub apis: Option<Vec<String>>,
    pub regions: Option<Vec<String>>,
    pub projects: Option<Vec<String>>,
    pub kinds: Option<Vec<String>>,
}

#[derive(Deserialize, Clone)]
pub struct BudgetAlert {
    pub on: String,
    pub over: String,
}

/// What an account holds and wants.
pub struct Held {
    pub balance: i128,
    pub credit: i128,
    pub vouchers: i128,
    pub other_payment: bool,
    /// None: the documents give no periods (L10).
    pub days: Option<Lifecycle>,
    pub top_ups: Vec<(i64, i128)>,
    pub auto: Vec<Auto>,
    pub balance_below: Option<i128>,
    pub left_at_most: Option<i128>,
    pub expires_within: Option<i64>,
    pub budgets: Vec<Budget>,
}

/// T6.
pub struct Auto {
    pub grant: String,
    pub lead: i64,
    pub times: Option<u64>,
    pub from: Option<i64>,
    pub until: i64,
}

pub fn read(account: &Value, tiers: Option<&Tiers>, clock: Clock) -> Held {
    let row = Row::deserialize(account).unwrap();
    let amount = |text: &Option<String>| text.as_deref().map_or(0, money::read);
    let of_tier = tiers.map(|tiers| match &row.tier {
        Some(tier) => tiers.tiers[tier],
        None if row.lifecycle.is_some() || tiers.tiers.len() == 1 => *tiers.tiers.values().next().unwrap(),
        None => panic!("which tier?"),
    });
    let auto = |row: AutoRow| Auto {
        grant: row.grant,
        lead: row.lead_days.unwrap_or(7),
        times: row.times,
        from: row.from.map(|text| clock.read(&text)),
        until: row.until.map_or(i64::MAX, |text| clock.read(&text)),
    };
    Held {
        balance: money::read(&row.balance),
        credit: amount(&row.credit),
        vouchers: amount(&row.vouchers),
        other_payment: row.other_payment,
        days: row.lifecycle.or(of_tier),
        top_ups: row.top_ups.into_iter().map(|row| (clock.read(&row.at), money::read(&row.amount))).collect(),
        auto: row.auto_renew.into_iter().map(auto).collect(),
        balance_below: row.alerts.balance_below.as_deref().map(money::read),
        left_at_most: row.alerts.left_at_most.as_deref().map(money::read),
        expires_within: row.alerts.expires_within_days.map(|days| days * clock::DAY),
        budgets: row.budgets,
    }
}
