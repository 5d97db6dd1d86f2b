//! Laws of the account over time: what holds for every history, whatever its figures.
#![cfg(not(target_arch = "wasm32"))]

mod shop;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use shop::{catalog, count, list, total, units};
use std::collections::{BTreeMap, BTreeSet};

fn ask(door: &str, request: &Json) -> Json {
    let value: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    let fail = |error: ocr_pricing::PricingError| -> Json { panic!("{error}: {request}") };
    match door {
        "account" => ocr_pricing::account(&value).map_or_else(fail, |history| serde_json::to_value(history).unwrap()),
        _ => ocr_pricing::estimate(&value).map_or_else(fail, |answer| serde_json::to_value(answer).unwrap()),
    }
}

fn account(request: &Json) -> Json {
    ask("account", request)
}

/// A second of a year, on a few days and hours, so that things meet: debits, tries at 03:00, ends of terms, starts of months.
fn instant() -> impl Strategy<Value = String> {
    let day =
        vec!["01-01", "01-05", "01-31", "02-01", "02-03", "02-28", "03-01", "03-10", "04-30", "05-01", "06-15", "08-31", "09-01", "12-31"];
    let time = prop::sample::select(vec!["00:00:00", "02:59:59", "03:00:00", "08:15:00", "10:00:00", "12:30:00", "23:59:59"]);
    (prop::sample::select(day), time).prop_map(|(day, time)| format!("2026-{day}T{time}+08:00"))
}

fn usage(apis: &'static [&'static str], regions: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let what = (prop::sample::select(apis), prop::sample::select(regions));
    let who = prop::sample::select(vec![
        None,
        None,
        Some(("project", "p")),
        Some(("project", "q")),
        Some(("user", "alice")),
        Some(("user", "bob")),
    ]);
    (what, who, instant(), instant(), 0u64..60, any::<bool>()).prop_map(|((api, region), who, start, end, calls, at)| {
        let mut row = json!({ "kind": "at", "at": start, "api": api, "region": region, "calls": calls });
        if !at && start < end {
            row = json!({ "kind": "window", "start": start, "end": end, "api": api, "region": region, "calls": calls });
        }
        if let Some((field, name)) = who {
            row[field] = json!(name);
        }
        row
    })
}

fn grant(packages: &'static [&'static str], regions: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let what = (prop::sample::select(packages), prop::sample::select(regions));
    let renewals = prop::collection::vec((instant(), prop::option::of(1u64..32)), 0..3);
    let more = (1u64..3, 0u64..5, prop::sample::select(vec![None, None, Some("p")]));
    (what, instant(), renewals, more).prop_map(|((package, region), created, mut renewals, (quantity, used, project))| {
        renewals.retain(|(at, _)| *at >= created);
        renewals.sort();
        let renewals: Vec<Json> = renewals
            .iter()
            .map(|(at, day)| match day {
                Some(day) => json!({ "at": at, "expiryDay": day, "price": "1.7" }),
                None => json!({ "at": at }),
            })
            .collect();
        let mut row = json!({ "package": package, "region": region, "created": created, "quantity": quantity, "renewals": renewals });
        if used > 0 {
            row["used"] = json!(used);
        }
        if let Some(project) = project {
            row["project"] = json!(project);
        }
        row
    })
}

fn cents() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["0", "0.01", "0.1", "0.5", "1", "1.49", "2", "3.5", "8", "20"]).prop_map(str::to_string)
}

/// Money of an account: what is there, and what comes.
fn purse() -> impl Strategy<Value = Json> {
    let top_ups = prop::collection::vec((instant(), cents()), 0..6);
    (cents(), any::<bool>(), cents(), cents(), top_ups).prop_map(|(balance, debt, credit, vouchers, top_ups)| {
        let sign = if debt && balance != "0" { "-" } else { "" };
        let top_ups: Vec<Json> = top_ups.iter().map(|(at, amount)| json!({ "at": at, "amount": amount })).collect();
        json!({ "balance": format!("{sign}{balance}"), "credit": credit, "vouchers": vouchers, "topUps": top_ups })
    })
}

fn days() -> impl Strategy<Value = Json> {
    let number = || prop::sample::select(vec![0u64, 1, 2, 7, 15, 40]);
    (number(), number()).prop_map(|(grace, retention)| json!({ "grace": grace, "retention": retention }))
}

/// What the account is asked beside its money.
fn wishes(orders: usize) -> impl Strategy<Value = Json> {
    let on_off = (prop::option::of(instant()), prop::option::of(instant()));
    let renew = (prop::sample::select(vec![0u64, 1, 7, 40]), prop::option::of(0u64..3), on_off);
    let renewals = prop::collection::vec(prop::option::of(renew), orders);
    let alerts =
        (prop::option::of(cents()), prop::option::of(prop::sample::select(vec!["0", "0.2", "0.5", "1"])), prop::option::of(0u64..60));
    let every = prop::sample::select(vec!["day", "month", "quarter", "year"]);
    let scope = prop::sample::select(vec![
        json!({}),
        json!({ "kinds": ["pay-per-use"] }),
        json!({ "kinds": ["package"] }),
        json!({ "projects": ["", "p"] }),
    ]);
    let amount = cents().prop_filter("a budget of nothing has all its thresholds in one place", |amount| amount != "0");
    let budgets = prop::collection::vec((every, 1u32..7, amount, scope), 0..3);
    let lifecycle = prop::option::of((days(), days()));
    (renewals, alerts, budgets, lifecycle).prop_map(|(renewals, (below, left, within), budgets, lifecycle)| {
        let renewals = renewals.iter().enumerate().filter_map(|(i, row)| row.as_ref().map(|row| (i, row)));
        let auto: Vec<Json> = renewals.map(|(i, (lead, times, (from, until)))| {
            let mut row = json!({ "grant": format!("g{i}"), "leadDays": lead, "times": times });
            if let Some(from) = from {
                row["from"] = json!(from);
            }
            if let Some(until) = until.as_ref().filter(|until| Some(*until) > from.as_ref()) {
                row["until"] = json!(until);
            }
            row
        }).collect();
        let budgets: Vec<Json> = budgets.iter().enumerate().map(|(i, (every, from, amount, scope))| {
            let alerts = json!([{ "on": "actual", "over": "0.5" }, { "on": "actual", "over": "1" }, { "on": "forecast", "over": "1" }]);
            json!({ "id": format!("b{i}"), "every": every, "from": format!("2026-{from:02}"), "amount": amount, "scope": scope, "alerts": alerts })
        }).collect();
        let mut wishes = json!({ "autoRenew": auto, "budgets": budgets, "alerts": {} });
        let mut alert = |name: &str, value: Option<Json>| {
            if let Some(value) = value {
                wishes["alerts"][name] = value;
            }
        };
        alert("balanceBelow", below.map(Json::from));
        alert("leftAtMost", left.map(Json::from));
        alert("expiresWithinDays", within.map(Json::from));
        if let Some((package, calls)) = lifecycle {
            wishes["lifecycle"] = json!({ "package": package, "payPerUse": calls });
        }
        wishes
    })
}

/// The readings K6, K7, K8 and K9 of a catalog: the other one, or the first.
fn readings() -> impl Strategy<Value = (bool, bool, bool, bool)> {
    any::<(bool, bool, bool, bool)>()
}

/// A year of a small account.
fn request() -> impl Strategy<Value = Json> {
    let hourly = (
        prop::collection::vec(usage(&["text", "table", "note", "card"], &["north", "south"]), 1..10),
        prop::collection::vec(
            grant(&["text-7", "text-month-20", "text-days-20", "text-trial-5", "table-9", "text-50"], &["north", "south"]),
            0..5,
        ),
        Just("example-hourly"),
    );
    let monthly = (
        prop::collection::vec(usage(&["read", "scan", "form", "check", "page"], &["east", "west"]), 1..10),
        prop::collection::vec(grant(&["read-50", "read-month-40", "scan-40", "shared-60", "points-20"], &["east", "west"]), 0..5),
        Just("example-monthly"),
    );
    let shop = prop_oneof![hourly.boxed(), hourly_twice(), monthly.boxed()];
    shop.prop_flat_map(|(usage, grants, shop)| {
        let orders = grants.len();
        (Just((usage, grants, shop)), purse(), wishes(orders), readings(), prop::collection::vec((instant(), any::<bool>()), 0..4))
    })
    .prop_map(|((usage, grants, shop), purse, mut wishes, (no_calls, overlap, monthly_bill, late), opened)| {
        let mut catalog = catalog(shop);
        if no_calls {
            catalog["arrears"] = json!("no-calls");
        }
        if overlap {
            catalog["windows"] = json!("overlap");
        }
        if late {
            catalog["lateRenewal"] = json!("renewal");
        }
        if monthly_bill {
            catalog["rounding"]["bill"]["at"] = json!("month");
            catalog["ladders"][0]["steps"][0]["unitPrice"] = json!("0.235"); // so that there is something to round
        }
        if shop == "example-monthly" {
            wishes["budgets"].as_array_mut().unwrap().retain(|budget| budget["every"] != "day");
        }
        let mut account = purse;
        for (field, value) in wishes.as_object().unwrap() {
            account[field] = value.clone();
        }
        let mut request = json!({
            "catalog": catalog, "usage": usage, "grants": grants, "account": account,
            "period": { "start": "2026-01-01T00:00:00+08:00", "end": "2027-01-01T00:00:00+08:00" },
        });
        if let Some(((first, _), more)) = opened.split_first() {
            // Everything is subscribed to before the year; some of it again within it, which opens what was released.
            let row = |usage: &Json, from: &str| json!({ "region": usage["region"], "api": usage["api"], "from": from });
            let all = list(&request, "usage")
                .iter()
                .map(|usage| row(usage, "2025-06-01T00:00:00+08:00"))
                .chain(list(&request, "usage").iter().filter(|_| !more.is_empty()).map(|usage| row(usage, first)));
            let all: BTreeSet<String> = all.map(|row| row.to_string()).collect();
            request["subscriptions"] = all.iter().map(|row| serde_json::from_str::<Json>(row).unwrap()).collect();
        }
        request
    })
}

/// Hourly settlement has more that can meet, so it comes twice as often.
fn hourly_twice() -> BoxedStrategy<(Vec<Json>, Vec<Json>, &'static str)> {
    (
        prop::collection::vec(usage(&["text", "note"], &["north"]), 1..10),
        prop::collection::vec(grant(&["text-7", "text-month-20", "text-days-20"], &["north"]), 1..4),
        Just("example-hourly"),
    )
        .boxed()
}

/// The pieces of a year, cut at starts of months, each carrying on from the one before.
fn pieces(request: &Json, cuts: &BTreeSet<u32>) -> Vec<Json> {
    let month = |month: u32| format!("2026-{month:02}-01T00:00:00+08:00");
    let ends = cuts.iter().map(|cut| month(*cut)).chain([request["period"]["end"].as_str().unwrap().to_string()]);
    let mut piece = request.clone();
    let mut answers = Vec::new();
    for end in ends {
        piece["period"]["end"] = json!(end);
        let answer = account(&piece);
        piece["opening"] = answer["estimate"]["closing"].clone();
        for field in ["balance", "vouchers", "carried"] {
            piece["account"][field] = answer["closing"][field].clone();
        }
        piece["period"]["start"] = json!(end);
        answers.push(answer);
    }
    answers
}

/// Rows of several pieces; where two meet at a cut and are otherwise the same, they are one.
fn merged(rows: impl Iterator<Item = Json>, of: &[&str]) -> Vec<Json> {
    let mut merged: Vec<Json> = Vec::new();
    for row in rows {
        let same = |it: &&mut Json| of.iter().all(|field| it[*field] == row[*field]) && it["end"] == row["start"];
        match merged.iter_mut().find(same) {
            Some(before) => before["end"] = row["end"].clone(),
            None => merged.push(row),
        }
    }
    merged
}

/// A piece cannot know whether what is to be bought after it will be paid for, and so not whether calls were made before a package takes effect,
/// or with none to come: of the causes only the sums are the same.
fn without_causes(value: &Json) -> Json {
    let mut value = value.clone();
    match &mut value {
        Json::Object(fields) => {
            for (name, field) in fields {
                *field = match name.as_str() {
                    "causes" => json!([count(field.as_array().unwrap(), "calls"), total(field.as_array().unwrap(), "amount").to_string()]),
                    _ => without_causes(field),
                };
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| *item = without_causes(item)),
        _ => {}
    }
    value
}

/// When the account was in arrears, up to the end of the history.
fn arrears(history: &Json) -> Vec<Json> {
    let last = &history["estimate"]["period"]["end"];
    list(history, "arrears").iter().map(|row| json!({ "start": row["start"], "end": row.get("end").unwrap_or(last) })).collect()
}

fn sums(rows: impl Iterator<Item = Json>) -> BTreeMap<(String, String), i128> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry((row["by"].to_string(), row["key"].to_string())).or_insert(0) += units(&row["amount"]);
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

/// An amount as it is written in a request.
fn written(units: i128) -> String {
    let text = format!("{}.{:013}", units / 10_i128.pow(13), units % 10_i128.pow(13));
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn sorted(mut rows: Vec<Json>) -> Vec<Json> {
    rows.sort_by_key(|row| row.to_string());
    rows
}

/// The states that may follow one another.
fn may_follow(of: &str, before: &str, after: &str) -> bool {
    match of {
        "account" => matches!((before, after), ("active", "arrears") | ("arrears", "active")),
        "pay-per-use" => matches!(
            (before, after),
            // A state without length is not listed: without grace, without retention, or where a top-up ends arrears and a debit of the same
            // second brings them back.
            ("active", "grace" | "frozen" | "released")
                | ("grace", "active" | "frozen" | "released")
                | ("frozen", "active" | "released" | "grace")
                | ("released", "active")
        ),
        _ => matches!(
            (before, after),
            ("active", "grace" | "frozen" | "released" | "expired")
                | ("grace", "active" | "frozen" | "released")
                // A late renewal that counts from the old expiry can have ended again by then.
                | ("frozen", "active" | "released" | "grace")
                | ("expired", "active")
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_year_in_pieces_is_the_year_at_once(request in request(), cuts in prop::collection::btree_set(2u32..13, 1..4)) {
        let (whole, pieces) = (account(&request), pieces(&request, &cuts));
        let rows = |name: &'static str| pieces.iter().flat_map(move |piece| list(piece, name).clone());
        for name in ["movements", "purchases", "renewals"] {
            prop_assert_eq!(&rows(name).collect::<Vec<_>>(), list(&whole, name), "{} cut at {:?}", name, cuts);
        }
        // At a cut, the budgets of the month before are told by the piece before.
        prop_assert_eq!(sorted(rows("alerts").collect()), sorted(list(&whole, "alerts").clone()), "cut at {:?}", cuts);
        prop_assert_eq!(sorted(merged(rows("states"), &["of", "grant", "state"])), sorted(list(&whole, "states").clone()), "cut at {:?}", cuts);
        prop_assert_eq!(sums(rows("split")), sums(list(&whole, "split").iter().cloned()));
        let total: i128 = pieces.iter().map(|piece| units(&piece["estimate"]["total"])).sum();
        prop_assert_eq!(total, units(&whole["estimate"]["total"]));
        prop_assert_eq!(without_causes(&pieces.last().unwrap()["closing"]), without_causes(&whole["closing"]));
        prop_assert_eq!(merged(pieces.iter().flat_map(arrears), &[]), merged(arrears(&whole).into_iter(), &[]));
    }

    #[test]
    fn states_change_only_as_they_may(request in request()) {
        let history = account(&request);
        let states = list(&history, "states");
        for pair in states.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            prop_assert!(before["start"].as_str() < before["end"].as_str());
            if (&before["of"], &before["grant"]) == (&after["of"], &after["grant"]) {
                let name = |row: &Json, field: &str| row[field].as_str().unwrap().to_string();
                prop_assert_eq!(&before["end"], &after["start"]);
                prop_assert!(may_follow(&name(before, "of"), &name(before, "state"), &name(after, "state")), "{} {}", before, after);
            } else {
                prop_assert_eq!(&before["end"], &request["period"]["end"]);
            }
        }
        for of in ["account", "pay-per-use"] {
            prop_assert_eq!(&states.iter().find(|row| row["of"] == of).unwrap()["start"], &request["period"]["start"]);
        }
        // The account is in arrears when its states say so.
        let listed: Vec<_> = states.iter().filter(|row| row["state"] == "arrears").map(|row| (row["start"].clone(), row["end"].clone())).collect();
        let arrears: Vec<_> = merged(arrears(&history).into_iter(), &[]).iter().map(|row| (row["start"].clone(), row["end"].clone())).collect();
        prop_assert_eq!(listed, arrears);
    }

    #[test]
    fn nobody_is_warned_twice(request in request()) {
        let history = account(&request);
        let alerts = list(&history, "alerts");
        let all: BTreeSet<String> = alerts.iter().map(|alert| format!("{} {} {} {}", alert["at"], alert["code"], alert["of"], alert["threshold"])).collect();
        prop_assert_eq!(all.len(), alerts.len());
        prop_assert!(alerts.windows(2).all(|pair| pair[0]["at"].as_str() <= pair[1]["at"].as_str()));
        let of = |code: &str| alerts.iter().filter(move |alert| alert["code"] == code).collect::<Vec<_>>();
        prop_assert!(of("arrears").len() <= list(&history, "arrears").len());
        let ends: BTreeSet<String> = of("package_expires").iter().map(|alert| alert["of"].to_string()).collect();
        prop_assert_eq!(ends.len(), of("package_expires").len(), "a package expires once");
        // Of a year's budget one alert at each threshold.
        for (i, budget) in list(&request["account"], "budgets").iter().enumerate().filter(|(_, budget)| budget["every"] == "year") {
            prop_assert!(of("budget_actual").iter().filter(|alert| alert["of"]["budget"] == format!("b{i}")).count() <= 2, "{}", budget);
        }
    }

    #[test]
    fn money_is_neither_lost_nor_made(request in request()) {
        let history = account(&request);
        let (account, closing, movements) = (&request["account"], &history["closing"], list(&history, "movements"));
        let mut purse = units(&account["balance"]) + units(&account["vouchers"]);
        for movement in movements {
            purse += units(&movement["amount"]);
            prop_assert_eq!(purse, units(&movement["balance"]) + units(&movement["vouchers"]), "{}", movement);
            prop_assert!(units(&movement["vouchers"]) >= 0);
        }
        prop_assert_eq!(purse, units(&closing["balance"]) + units(&closing["vouchers"]));
        // Every charge of the answer was debited, is owed, or is due later.
        let out: i128 = movements.iter().filter(|row| row["kind"] != "top-up" && row["kind"] != "other-payment").map(|row| -units(&row["amount"])).sum();
        let later = total(list(&closing["carried"], "owed"), "amount") + total(list(&closing["carried"], "due"), "amount");
        prop_assert_eq!(out + later, units(&history["estimate"]["total"]));
        prop_assert_eq!(later, units(&closing["outstanding"]));
        let came = movements.iter().filter(|row| row["kind"] == "top-up").map(|row| units(&row["amount"])).sum::<i128>();
        let within = list(account, "topUps").iter().map(|row| units(&row["amount"])).sum::<i128>();
        prop_assert_eq!(came, within, "every top-up of the year comes in");
    }

    #[test]
    fn what_a_to_do_asks_for_is_enough_and_no_more_than_that(request in request()) {
        let history = account(&request);
        let orders = |history: &Json| [list(history, "purchases").clone(), list(history, "renewals").clone()].concat();
        let told = orders(&history);
        for todo in list(&history, "todo").iter().filter(|todo| todo["why"].as_str().unwrap().ends_with("_unpaid")) {
            // Another order of that instant might take the money first.
            if told.iter().filter(|order| order["at"] == todo["by"]).count() > 1 {
                continue;
            }
            let outcome = |amount: i128| {
                let mut paid = request.clone();
                let mut top_ups = list(&request["account"], "topUps").clone();
                top_ups.push(json!({ "at": todo["by"], "amount": written(amount) }));
                paid["account"]["topUps"] = json!(top_ups);
                orders(&account(&paid)).into_iter().find(|order| order["at"] == todo["by"] && order["grant"] == todo["grant"]).unwrap()
            };
            let (amount, cent) = (units(&todo["amount"]), units(&json!("0.01")));
            prop_assert_eq!(&outcome(amount)["outcome"], "paid", "{}", todo);
            if amount > cent {
                prop_assert_eq!(&outcome(amount - cent)["outcome"], "unpaid", "{}", todo);
            }
        }
    }

    #[test]
    fn each_split_adds_up_to_the_total(request in request()) {
        let history = account(&request);
        let mut parts: BTreeMap<String, i128> = BTreeMap::new();
        for row in list(&history, "split") {
            *parts.entry(row["by"].to_string()).or_insert(0) += units(&row["amount"]);
        }
        let sum = units(&history["estimate"]["total"]);
        prop_assert_eq!(parts.len(), if sum == 0 { 0 } else { 4 });
        prop_assert!(parts.values().all(|part| *part == sum), "{:?} {}", parts, sum);
    }

    #[test]
    fn with_money_enough_the_answer_is_that_of_an_estimate(request in request()) {
        let mut request = request;
        request["account"]["otherPayment"] = json!(true);
        let account_of = request["account"].as_object_mut().unwrap();
        for field in ["autoRenew", "lifecycle"] {
            account_of.remove(field);
        }
        let (history, mut estimate) = (account(&request), ask("estimate", &request_without_account(&request)));
        let mut of_account = history["estimate"].clone();
        for answer in [&mut of_account, &mut estimate] {
            answer.as_object_mut().unwrap().remove("notes");
        }
        prop_assert_eq!(of_account, estimate);
        prop_assert_eq!(list(&history, "arrears").len(), 0);
        prop_assert!(list(&history, "purchases").iter().all(|row| row["outcome"] == "paid"));
    }
}

fn request_without_account(request: &Json) -> Json {
    let mut request = request.clone();
    request.as_object_mut().unwrap().remove("account");
    request
}
