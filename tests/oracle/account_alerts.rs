//! What an account is warned of, each at its instant (L1, L7, C 6.1).

use crate::account::Story;
use crate::account_budget;
use crate::account_states::chains;
use crate::calls::Fate;
use crate::clock::{DAY, HOUR};
use crate::grants::Grant;
use crate::money::show;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const CODES: [&str; 6] = ["arrears", "balance_below", "package_left", "package_expires", "budget_actual", "budget_forecast"];

pub struct Alert {
    pub at: i64,
    pub code: &'static str,
    pub of: Value,
    pub value: String,
    pub threshold: String,
    pub advice: &'static str,
    pub by: Option<i64>,
    pub amount: Option<i128>,
    /// It had been given before, and something armed it again.
    pub again: bool,
}

pub fn all(story: &Story) -> Vec<Alert> {
    let mut alerts = arrears(story);
    alerts.extend(balance_below(story));
    alerts.extend(package_left(story));
    alerts.extend(package_expires(story));
    alerts.extend(account_budget::alerts(story));
    let rank = |code: &str| CODES.iter().position(|other| *other == code);
    alerts.sort_by_key(|alert| (alert.at, rank(alert.code), alert.of.to_string()));
    alerts
}

/// When the grace that began at this instant is over, or the retention where there is no grace; or when the service stops.
pub fn act_by(story: &Story, since: i64) -> Option<i64> {
    if let Some(overdue) = story.account.world.request.catalog.overdue {
        return Some(since + overdue.stop_after_hours * HOUR);
    }
    let days = story.held.days?.pay_per_use;
    Some(since + DAY * if days.grace > 0 { days.grace } else { days.retention })
}

fn arrears(story: &Story) -> Vec<Alert> {
    let alert = |arrears: &crate::account::Arrears| Alert {
        at: arrears.since,
        code: "arrears",
        of: json!({}),
        value: show(arrears.available),
        threshold: "0".into(),
        advice: "top_up",
        by: act_by(story, arrears.since),
        amount: Some(-arrears.available),
        again: false,
    };
    story.arrears.iter().map(alert).collect()
}

fn balance_below(story: &Story) -> Vec<Alert> {
    let (mut alerts, mut below, mut again) = (Vec::new(), false, false);
    for &(at, value) in &story.after {
        let Some(threshold) = story.held.balance_below else { break };
        if value < threshold && !below {
            alerts.push(Alert {
                at,
                code: "balance_below",
                of: json!({}),
                value: show(value),
                threshold: show(threshold),
                advice: "top_up",
                by: None,
                amount: Some(threshold - value),
                again,
            });
            again = true;
        }
        below = value < threshold;
    }
    alerts
}

/// Packages for the same APIs in the same region, counted in the same unit.
type Group = (Vec<usize>, usize, bool);

pub fn group(grant: &Grant) -> Group {
    let mut apis = grant.apis.clone();
    apis.sort_unstable();
    (apis, grant.regions[0], grant.points)
}

/// Units drawn by every grant, one call after the other.
struct Drawn<'a> {
    story: &'a Story,
    used: Vec<u64>,
    next: usize,
}

impl Drawn<'_> {
    fn new(story: &Story) -> Drawn<'_> {
        Drawn { story, used: story.account.world.grants.iter().map(|grant| grant.used_before).collect(), next: 0 }
    }

    /// The next call, if it comes before this instant: when, and which grant paid.
    fn call(&mut self, before: i64) -> Option<(i64, Option<usize>)> {
        let account = &self.story.account;
        let call = account.calls.get(self.next)?;
        let at = account.asked[call.asked].at;
        if at >= before {
            return None;
        }
        self.next += 1;
        let Fate::Drawn { grant, units, .. } = call.fate else { return Some((at, None)) };
        self.used[grant] += units;
        Some((at, Some(grant)))
    }
}

fn package_left(story: &Story) -> Vec<Alert> {
    let world = &story.account.world;
    let Some(threshold) = story.held.left_at_most else { return Vec::new() };
    let bought: Vec<usize> = (0..world.grants.len()).filter(|&at| world.grants[at].free.is_none()).collect();
    let mut instants: Vec<i64> = bought.iter().flat_map(|&at| [world.grants[at].start(), world.grants[at].end]).collect();
    instants.push(world.start);
    instants.retain(|at| world.start <= *at && *at < world.end);
    instants.sort_unstable();
    instants.dedup();
    let mut drawn = Drawn::new(story);
    while drawn.call(world.start).is_some() {}
    let mut fired: BTreeMap<Group, bool> = BTreeMap::new();
    let mut alerts = Vec::new();
    let mut judge = |group: &Group, at: i64, used: &[u64], fired: &mut BTreeMap<Group, bool>| {
        if fired.get(group) == Some(&true) {
            return;
        }
        let in_force = bought.iter().filter(|&&one| {
            let grant = &world.grants[one];
            grant.start() <= at && at < grant.end && self::group(grant) == *group
        });
        let (mut left, mut quota) = (0, 0);
        for &one in in_force {
            quota += i128::from(world.grants[one].quota);
            left += i128::from(world.grants[one].quota - used[one]);
        }
        let one = crate::money::read("1");
        if quota == 0 || left * one > threshold * quota {
            return;
        }
        let again = fired.insert(group.clone(), true).is_some();
        let names: Vec<&String> = group.0.iter().map(|&api| &world.request.catalog.apis[api].id).collect();
        alerts.push(Alert {
            at,
            code: "package_left",
            of: json!({ "apis": names, "region": world.request.catalog.regions[group.1].id, "left": left as u64, "quota": quota as u64 }),
            value: show((left * 20_000 + quota) / (2 * quota) * one / 10_000),
            threshold: show(threshold),
            advice: "buy",
            by: None,
            amount: None,
            again,
        });
    };
    for (number, &at) in instants.iter().enumerate() {
        for &one in &bought {
            let grant = &world.grants[one];
            if grant.start() == at && grant.start() < grant.end {
                fired.entry(group(grant)).and_modify(|fired| *fired = false);
            }
        }
        for &one in &bought {
            let grant = &world.grants[one];
            let changes = grant.start() < grant.end && (grant.start() == at || grant.end == at);
            if changes || at == world.start {
                judge(&group(grant), at, &drawn.used, &mut fired);
            }
        }
        let until = instants.get(number + 1).copied().unwrap_or(world.end);
        while let Some((at, payer)) = drawn.call(until) {
            if let Some(payer) = payer.filter(|&payer| world.grants[payer].free.is_none()) {
                judge(&group(&world.grants[payer]), at, &drawn.used, &mut fired);
            }
        }
    }
    alerts
}

fn package_expires(story: &Story) -> Vec<Alert> {
    let world = &story.account.world;
    let Some(within) = story.held.expires_within.filter(|within| *within > 0) else { return Vec::new() };
    let mut alerts = Vec::new();
    for chain in chains(&world.grants) {
        for (number, term) in chain.iter().enumerate().filter(|(_, term)| term.start() < term.end) {
            let at = term.start().max(term.end - within);
            let follows =
                chain[number + 1..].iter().any(|later| later.created <= at && later.start() <= term.end && later.start() < later.end);
            let mut drawn = Drawn::new(story);
            while drawn.call(at).is_some() {}
            let grant = world.grants.iter().position(|grant| grant.free.is_none() && grant.id == term.id).unwrap();
            let left = term.quota - drawn.used[grant];
            if (left > 0 || !follows) && world.start <= at && at < world.end {
                alerts.push(Alert {
                    at,
                    code: "package_expires",
                    of: json!({ "grant": term.id }),
                    value: left.to_string(),
                    threshold: (within / DAY).to_string(),
                    advice: if follows { "use_up" } else { "renew" },
                    by: Some(term.end),
                    amount: None,
                    again: false,
                });
            }
        }
    }
    alerts
}
