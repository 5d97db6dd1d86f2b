//! What is to be done, in time order.

use crate::account::{Order, Story};
use crate::account_states::chains;
use crate::calls::Fate;
use crate::clock::{DAY, HOUR};
use crate::grants;
use crate::input::Lifecycle;
use crate::money;
use std::collections::BTreeSet;

pub struct Todo {
    pub by: i64,
    pub what: &'static str,
    pub why: &'static str,
    pub grant: Option<String>,
    pub place: Option<(usize, usize)>,
    pub amount: Option<i128>,
}

/// What comes first at one instant; where pay-per-use is frozen and where the service stops are one place.
const ORDER: [(&str, &str); 7] = [
    ("renew", "package_ends"),
    ("buy", "packages_run_out"),
    ("top_up", "arrears"),
    ("top_up", "frozen"),
    ("top_up", "stopped"),
    ("top_up", "purchase_unpaid"),
    ("top_up", "renewal_unpaid"),
];

pub fn all(story: &Story) -> Vec<Todo> {
    let mut rows = renew(story);
    rows.extend(buy(story));
    rows.extend(top_up(story));
    let rank = |todo: &Todo| ORDER.iter().position(|other| *other == (todo.what, todo.why)).unwrap();
    rows.sort_by(|a, b| (a.by, rank(a), &a.grant, a.place).cmp(&(b.by, rank(b), &b.grant, b.place)));
    rows
}

fn renew(story: &Story) -> Vec<Todo> {
    let world = &story.account.world;
    let mut rows = Vec::new();
    for chain in chains(&world.grants).iter().filter(|chain| chain[0].copy == 0) {
        let by = chain[chain.len() - 1].end;
        if world.start < by && by <= world.end {
            // In its last second.
            let listed = grants::found_at(&world.request, world.clock, &chain[0].package, by - 1);
            let price = listed.and_then(|(_, row, _)| row.price.as_deref().map(money::read));
            let amount = price.map(|price| price * i128::from(chain[0].quantity));
            rows.push(Todo { by, what: "renew", why: "package_ends", grant: Some(chain[0].id.clone()), place: None, amount });
        }
    }
    rows
}

/// Of every API and region: the first call that no grant covered, once a package had paid for one.
fn buy(story: &Story) -> Vec<Todo> {
    let (account, world) = (&story.account, &story.account.world);
    let (mut paid, mut told) = (BTreeSet::new(), BTreeSet::new());
    let mut rows = Vec::new();
    for call in &account.calls {
        let request = &account.asked[call.asked];
        let place = (request.api, request.region);
        let uncovered = match call.fate {
            Fate::Charged { .. } => true,
            Fate::Rejected(code) => {
                ["frozen", "released", "no_quota", "stopped", "pay_per_use_off"].contains(&code)
                    && world.stops.every_call(request.at).is_none()
            }
            _ => false,
        };
        if request.at < world.start {
            continue;
        }
        if let Fate::Drawn { grant, .. } = call.fate
            && world.grants[grant].free.is_none()
        {
            paid.insert(place);
        }
        if uncovered && paid.contains(&place) && told.insert(place) {
            rows.push(Todo { by: request.at, what: "buy", why: "packages_run_out", grant: None, place: Some(place), amount: None });
        }
    }
    rows
}

fn top_up(story: &Story) -> Vec<Todo> {
    let world = &story.account.world;
    let mut rows = Vec::new();
    let row = |by: i64, why: &'static str, grant: Option<&str>, amount: i128| Todo {
        by,
        what: "top_up",
        why,
        grant: grant.map(str::to_owned),
        place: None,
        amount: Some(amount),
    };
    for arrears in &story.arrears {
        rows.push(row(arrears.since, "arrears", None, -arrears.available));
        let next = match (world.request.catalog.overdue, story.held.days) {
            (Some(overdue), _) => (overdue.stop_after_hours > 0).then_some((overdue.stop_after_hours * HOUR, "stopped")),
            (None, Some(Lifecycle { pay_per_use: days, .. })) if days.grace > 0 && days.retention > 0 => Some((days.grace * DAY, "frozen")),
            _ => None,
        };
        let Some((over, why)) = next.map(|(after, why)| (arrears.since + after, why)) else { continue };
        if over < world.end && arrears.ended.is_none_or(|ended| over < ended) {
            let wanting = story.wanting.iter().rfind(|(at, _)| *at <= over).unwrap().1;
            rows.push(row(over, why, None, wanting));
        }
    }
    for order in story.purchases.iter().filter(|order| order.outcome == "unpaid") {
        rows.push(row(order.at, "purchase_unpaid", Some(&order.grant), order.missing));
    }
    for (number, order) in story.renewals.iter().enumerate().filter(|(_, order)| order.outcome == "unpaid") {
        let of_term = |other: &&Order| other.grant == order.grant && other.end_before == order.end_before;
        // Of tries only the last, and only where the term was not paid after all.
        let again = |other: &Order| match other.outcome {
            "paid" => other.at <= order.end_before,
            outcome => outcome == "unpaid" && other.automatic,
        };
        let more = order.automatic && story.renewals[number + 1..].iter().filter(of_term).any(again);
        if !more {
            rows.push(row(order.at, "renewal_unpaid", Some(&order.grant), order.missing));
        }
    }
    rows
}
