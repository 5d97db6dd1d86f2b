//! L8: budgets on what was spent and on what will be, asked at the end of every settlement cycle.

use crate::account::{Order, Story};
use crate::account_alerts::Alert;
use crate::account_input::{Amounts, Budget};
use crate::calls::Fate;
use crate::clock::{self, DAY, HOUR};
use crate::input::Settlement;
use crate::money::{self, show};
use crate::world::World;
use serde_json::json;

/// So many cycles make the mean.
const LAST: usize = 168;
const LEAST: usize = 24;

pub fn alerts(story: &Story) -> Vec<Alert> {
    story.held.budgets.iter().flat_map(|budget| of_budget(story, budget)).collect()
}

/// The period of a budget that contains an instant, its number and amount.
pub fn period(budget: &Budget, at: i64) -> Option<(i64, i64, i128)> {
    let (from, month) = (clock::read_month(&budget.from), clock::month(at));
    let outside = budget.until.as_ref().is_some_and(|until| clock::read_month(until) <= month);
    if month < from || outside {
        return None;
    }
    let months = |each: i32| {
        let number = (month - from) / each;
        (number, clock::month_start(from + number * each), clock::month_start(from + (number + 1) * each))
    };
    let (number, start, end) = match budget.every.as_str() {
        "day" => {
            let first = clock::month_start(from).div_euclid(DAY);
            let day = at.div_euclid(DAY);
            ((day - first) as i32, day * DAY, (day + 1) * DAY)
        }
        "month" => months(1),
        "quarter" => months(3),
        _ => months(12),
    };
    let amount = match &budget.amount {
        Amounts::One(amount) => amount,
        Amounts::PerPeriod(amounts) => amounts.get(number as usize)?,
    };
    Some((start, end, money::read(amount)))
}

struct Cycle {
    span: (i64, i64),
    spent: i128,
    counted: bool,
}

fn of_budget(story: &Story, budget: &Budget) -> Vec<Alert> {
    let world = &story.account.world;
    let cycles = cycles(story, budget);
    let packages: Vec<(i64, i128)> = paid(story, budget).iter().map(|order| (order.at, order.amount.unwrap())).collect();
    let of_kind = |kind: &str| budget.scope.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|one| one == kind));
    let first = cycles.iter().position(|cycle| cycle.counted);
    let mut fired: Vec<(usize, i64)> = Vec::new();
    let mut alerts = Vec::new();
    let mut so_far = (i64::MIN, 0);
    for (number, cycle) in cycles.iter().enumerate().filter(|(_, cycle)| world.start <= cycle.span.0 && cycle.span.1 <= world.end) {
        let Some((start, end, amount)) = period(budget, cycle.span.0) else { continue };
        if so_far.0 != start {
            let earlier = cycles[..number].iter().filter(|cycle| start <= cycle.span.0);
            so_far = (start, earlier.map(|cycle| cycle.spent).sum());
        }
        so_far.1 += cycle.spent;
        let of_packages = packages.iter().filter(|(at, _)| start <= *at && *at < cycle.span.1).map(|(_, amount)| *amount);
        let spent: i128 = of_packages.sum::<i128>() + if of_kind("pay-per-use") { so_far.1 } else { 0 };
        for (index, alert) in budget.alerts.iter().enumerate() {
            if fired.contains(&(index, start)) {
                continue;
            }
            let threshold = amount * money::read(&alert.over) / money::read("1");
            // All times the number of cycles in the mean, so that nothing is divided.
            let (sum, times) = if alert.on == "forecast" {
                let Some(data) = first.and_then(|first| cycles.get(first..=number)).filter(|data| data.len() >= LEAST) else { continue };
                let data = &data[data.len().saturating_sub(LAST)..];
                let times = data.len() as i128;
                let left = cycles_left(world, cycle.span.1, end);
                let of_data: i128 = if of_kind("pay-per-use") { data.iter().map(|cycle| cycle.spent).sum() } else { 0 };
                (spent * times + of_data * left, times)
            } else {
                (spent, 1)
            };
            if sum > threshold * times {
                fired.push((index, start));
                let cent = money::unit(2) * times;
                let value = if alert.on == "forecast" { (sum * 2 + cent) / (cent * 2) * money::unit(2) } else { spent };
                alerts.push(Alert {
                    at: cycle.span.1,
                    code: if alert.on == "forecast" { "budget_forecast" } else { "budget_actual" },
                    of: json!({ "budget": budget.id }),
                    value: show(value),
                    threshold: show(threshold),
                    advice: "review",
                    by: None,
                    amount: None,
                    again: fired.iter().any(|(other, before)| *other == index && *before < start),
                });
            }
        }
    }
    alerts
}

fn cycles_left(world: &World, from: i64, end: i64) -> i128 {
    match world.request.catalog.settlement {
        Settlement::Hour => i128::from((end - from) / HOUR),
        Settlement::Month => i128::from(clock::month(end) - clock::month(from)),
    }
}

/// Every cycle of the period, also empty ones; the first may have begun before it.
fn cycles(story: &Story, budget: &Budget) -> Vec<Cycle> {
    let (account, world) = (&story.account, &story.account.world);
    let named = |list: &Option<Vec<String>>, name: &str| list.as_ref().is_none_or(|list| list.iter().any(|one| one == name));
    let in_scope = |api: usize, region: usize, project: Option<&str>| {
        let catalog = &world.request.catalog;
        named(&budget.scope.apis, &catalog.apis[api].id)
            && named(&budget.scope.regions, &catalog.regions[region].id)
            && named(&budget.scope.projects, project.unwrap_or(""))
    };
    let mut cycles = Vec::new();
    let mut next = world.start;
    while next < world.end {
        let span = world.cycle(next);
        cycles.push(Cycle { span, spent: 0, counted: false });
        next = span.1;
    }
    let first = cycles[0].span.0;
    let place = |at: i64| match world.request.catalog.settlement {
        Settlement::Hour => ((at - first).div_euclid(HOUR)) as usize,
        Settlement::Month => (clock::month(at) - clock::month(first)) as usize,
    };
    for line in account.lines.iter().filter(|line| line.package.is_none()) {
        if in_scope(line.api, line.region, line.project.as_deref()) {
            cycles[place(line.cycle.0)].spent += line.charged.unwrap();
        }
    }
    for call in &account.calls {
        let request = &account.asked[call.asked];
        let counted = matches!(call.fate, Fate::Drawn { .. } | Fate::Charged { .. });
        if world.start <= request.at && counted && in_scope(request.api, request.region, request.project.as_deref()) {
            cycles[place(request.at)].counted = true;
        }
    }
    cycles
}

/// What was paid for packages in the budget's scope.
fn paid<'a>(story: &'a Story, budget: &Budget) -> Vec<&'a Order> {
    let world = &story.account.world;
    let of_package = budget.scope.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| kind == "package"));
    let in_scope = |order: &&Order| {
        let grant = world.grants.iter().find(|grant| grant.free.is_none() && grant.copy == 0 && grant.id == order.grant).unwrap();
        let catalog = &world.request.catalog;
        let apis = budget.scope.apis.as_ref().is_none_or(|apis| grant.apis.iter().all(|&api| apis.contains(&catalog.apis[api].id)));
        let region = &catalog.regions[grant.regions[0]].id;
        let project = grant.project.as_deref().unwrap_or("");
        apis && budget.scope.regions.as_ref().is_none_or(|regions| regions.contains(region))
            && budget.scope.projects.as_ref().is_none_or(|projects| projects.iter().any(|one| one == project))
    };
    let paid = story.purchases.iter().chain(&story.renewals).filter(|order| order.outcome == "paid");
    paid.filter(|_| of_package).filter(in_scope).collect()
}
