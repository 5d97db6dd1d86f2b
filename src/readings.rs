//! `readings`: where official texts contradict each other, what each reading would change, in calls and in money.

use crate::answer::{Calls, Estimate};
use crate::catalog::{Catalog, Profile};
use crate::error::{PricingError, Result};
use crate::estimate::estimate;
use crate::money::Amount;
use crate::request::Request;
use crate::value::{Value, read};
use serde::Serialize;
use tsify::Tsify;

/// One reading of one profile, everything else as the request chose it.
#[derive(Clone, Debug, Serialize, Tsify)]
#[tsify(missing_as_null)]
#[serde(rename_all = "camelCase")]
pub struct Reading {
    /// The profile.
    pub profile: String,
    /// The reading.
    pub option: String,
    /// Whether it is the one that the request chose.
    pub chosen: bool,
    /// Packages and pay-per-use; `null` where a price is missing or the reading gives no answer.
    pub total: Option<Amount>,
    /// What packages cost.
    pub packages: Option<Amount>,
    /// What pay-per-use is charged.
    pub pay_per_use: Option<Amount>,
    /// The total less the chosen reading's.
    pub difference: Option<Amount>,
    /// Calls by what became of them; `null` where the reading gives no answer.
    pub calls: Option<Calls>,
    /// Calls that another payer takes: another grant, pay-per-use, nobody.
    pub moved: u64,
    /// Why the reading gives no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<PricingError>,
}

/// Every reading of every profile of the request's catalog, one changed at a time. Fails where the request itself does.
pub fn readings(request: &Value) -> Result<Vec<Reading>> {
    let chosen = estimate(request)?;
    let asked = read::<Request>(request)?;
    let catalog = Catalog::choose(&asked.catalog, &asked.profile)?;
    let mut readings = Vec::new();
    for profile in &catalog.profiles {
        for (i, option) in profile.options.iter().enumerate() {
            let is_chosen = asked.profile.get(&profile.id).map_or(i == 0, |it| *it == option.id);
            let answer = if is_chosen { Ok(chosen.clone()) } else { estimate(&with(request, profile, &option.id)) };
            readings.push(reading(profile, &option.id, is_chosen, answer, &chosen)?);
        }
    }
    Ok(readings)
}

/// The same request under another reading.
fn with(request: &Value, profile: &Profile, option: &str) -> Value {
    let mut request = request.clone();
    if let Value::Map(fields) = &mut request {
        let mut choice = match fields.iter().position(|(name, _)| name == "profile").map(|i| fields.remove(i).1) {
            Some(Value::Map(choice)) => choice,
            _ => Vec::new(),
        };
        choice.retain(|(id, _)| *id != profile.id);
        choice.push((profile.id.clone(), Value::Text(option.to_string())));
        fields.push(("profile".to_string(), Value::Map(choice)));
    }
    request
}

fn reading(profile: &Profile, option: &str, chosen: bool, answer: Result<Estimate>, base: &Estimate) -> Result<Reading> {
    let (answer, error) = match answer {
        Ok(answer) => (Some(answer), None),
        Err(error) => (None, Some(error)),
    };
    let total = answer.as_ref().and_then(|answer| answer.total);
    Ok(Reading {
        profile: profile.id.clone(),
        option: option.to_string(),
        chosen,
        total,
        packages: answer.as_ref().and_then(|answer| answer.packages),
        pay_per_use: answer.as_ref().and_then(|answer| answer.pay_per_use),
        difference: total.zip(base.total).map(|(total, before)| total.minus(before)).transpose()?,
        moved: answer.as_ref().map_or(0, |answer| moved(answer, base)),
        calls: answer.map(|answer| answer.calls),
        error,
    })
}

/// Calls that another payer takes: what some payers gain is what others lose.
fn moved(answer: &Estimate, base: &Estimate) -> u64 {
    let (now, before) = (&answer.calls, &base.calls);
    let gained = |now: u64, before: u64| now.saturating_sub(before);
    // A catalog has the same grants under every reading, in the same order.
    let by_grant = answer.grants.iter().zip(&base.grants).map(|(now, before)| gained(now.calls, before.calls));
    by_grant.sum::<u64>()
        + gained(free_quota(answer), free_quota(base))
        + gained(now.pay_per_use, before.pay_per_use)
        + gained(now.rejected, before.rejected)
}

/// Calls that free quotas of the catalog paid: what no purchased grant did.
fn free_quota(answer: &Estimate) -> u64 {
    let bought: u64 = answer.grants.iter().map(|grant| grant.calls).sum();
    answer.calls.free + answer.calls.promotional + answer.calls.package - bought
}
