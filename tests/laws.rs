//! Laws: what holds for every question, whatever its figures.
#![cfg(not(target_arch = "wasm32"))]

mod shop;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use shop::{count, list, question, total, units};

fn estimate(request: &Json) -> Json {
    let value: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    serde_json::to_value(ocr_pricing::estimate(&value).unwrap_or_else(|error| panic!("{error}: {request}"))).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_is_counted_twice(question in question()) {
        let answer = estimate(&question);
        let calls = &answer["calls"];
        let of = |name: &str| calls[name].as_u64().unwrap();
        prop_assert_eq!(of("counted"), of("free") + of("promotional") + of("package") + of("payPerUse"));
        prop_assert_eq!(of("requests"), of("counted") + of("notCounted") + of("rejected"), "here every request counts as one call");
        let charged: Vec<Json> = list(&answer, "lines").iter().filter(|line| line["kind"] == "pay-per-use").cloned().collect();
        prop_assert_eq!(of("payPerUse"), count(&charged, "calls"));
        for line in &charged {
            prop_assert_eq!(line["calls"].as_u64().unwrap(), count(list(line, "slices"), "calls"));
            prop_assert_eq!(line["calls"].as_u64().unwrap(), count(list(line, "causes"), "calls"));
        }
        prop_assert_eq!(of("counted") - of("payPerUse"), count(list(&answer, "draws"), "calls"));
        prop_assert_eq!(of("counted") - of("payPerUse"), calls["byClass"].as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum::<u64>());
    }

    #[test]
    fn every_quota_is_used_left_or_expired_and_draws_say_which(question in question()) {
        let answer = estimate(&question);
        let paid = list(&answer, "paid");
        prop_assert_eq!(count(paid, "calls"), count(list(&answer, "draws"), "calls"));
        for grant in list(&answer, "grants") {
            let of = |name: &str| grant[name].as_u64().unwrap();
            prop_assert_eq!(of("quota"), of("used") + of("left") + of("expired"));
            let by_month: Vec<Json> = paid.iter().filter(|row| row["grant"] == grant["id"]).cloned().collect();
            prop_assert_eq!((of("calls"), of("used")), (count(&by_month, "calls"), count(&by_month, "units")));
            let draws: Vec<&Json> = list(&answer, "draws").iter().filter(|draw| draw["grant"] == grant["id"]).collect();
            prop_assert_eq!(of("used"), draws.iter().map(|draw| draw["units"].as_u64().unwrap()).sum::<u64>());
            for draw in draws {
                prop_assert!(draw["from"].as_str() >= grant["start"].as_str() && draw["to"].as_str() <= grant["end"].as_str());
                prop_assert_eq!(&draw["region"], &grant["region"]);
            }
        }
    }

    #[test]
    fn lines_and_months_add_up(question in question()) {
        let answer = estimate(&question);
        let lines = list(&answer, "lines");
        prop_assert_eq!(total(lines, "amount"), units(&answer["total"]) + units(&answer["roundedOff"]));
        prop_assert_eq!(units(&answer["total"]), units(&answer["packages"]) + units(&answer["payPerUse"]));
        for field in ["total", "packages", "payPerUse", "roundedOff"] {
            prop_assert_eq!(units(&answer[field]), total(list(&answer, "months"), field));
        }
        let places = question["catalog"]["rounding"]["line"]["places"].as_u64().unwrap() as u32;
        for line in lines.iter().filter(|line| line["kind"] == "pay-per-use") {
            prop_assert_eq!(units(&line["amount"]), units(&line["charged"]) + units(&line["roundedOff"]));
            prop_assert_eq!(units(&line["amount"]), total(list(line, "causes"), "amount"));
            // Both example catalogs cut lines by dropping decimals.
            let (exact, unit) = (total(list(line, "slices"), "amount"), 10_i128.pow(13 - places));
            prop_assert_eq!(units(&line["amount"]), exact / unit * unit);
        }
    }

    #[test]
    fn the_order_of_usage_does_not_matter(question in question(), seed in any::<u64>()) {
        let mut shuffled = question.clone();
        let rows = shuffled["usage"].as_array_mut().unwrap();
        fastrand::Rng::with_seed(seed).shuffle(rows);
        prop_assert_eq!(estimate(&question), estimate(&shuffled));
    }

    #[test]
    fn a_usage_row_is_the_sum_of_its_parts(question in question()) {
        let mut split = question.clone();
        let rows: Vec<Json> = list(&question, "usage").iter().flat_map(|row| {
            let halves = |row: &Json| {
                let (mut one, mut other) = (row.clone(), row.clone());
                let calls = row["calls"].as_u64().unwrap();
                (one["calls"], other["calls"]) = (json!(calls / 2), json!(calls - calls / 2));
                vec![one, other]
            };
            if row["kind"] == "at" { halves(row) } else { vec![row.clone()] }
        }).collect();
        split["usage"] = json!(rows);
        prop_assert_eq!(estimate(&question), estimate(&split));
    }

    #[test]
    fn two_halves_with_carried_state_equal_the_whole(question in question(), cut in prop::sample::select(vec!["2026-02-01", "2026-03-01", "2026-04-01"])) {
        let cut = json!(format!("{cut}T00:00:00+08:00"));
        let (mut first, mut second) = (question.clone(), question.clone());
        first["period"]["end"] = cut.clone();
        second["period"]["start"] = cut;
        let (whole, first) = (estimate(&question), estimate(&first));
        second["opening"] = first["closing"].clone();
        let second = estimate(&second);
        for rows in ["lines", "months", "draws"] {
            let both = [list(&first, rows).clone(), list(&second, rows).clone()].concat();
            prop_assert_eq!(&json!(both), &whole[rows]);
        }
        prop_assert_eq!(units(&whole["total"]), units(&first["total"]) + units(&second["total"]));
        prop_assert_eq!(&second["closing"], &whole["closing"]);
    }

    #[test]
    fn less_detail_is_the_same_bill(question in question()) {
        let draw = estimate(&question);
        for detail in ["month", "cycle"] {
            let mut coarser = question.clone();
            coarser["detail"] = json!(detail);
            let coarser = estimate(&coarser);
            for field in ["total", "roundedOff", "calls", "grants", "paid", "months", "closing"] {
                prop_assert_eq!(&coarser[field], &draw[field]);
            }
            prop_assert_eq!(count(list(&coarser, "lines"), "cycles"), count(list(&draw, "lines"), "cycles"));
        }
    }

    #[test]
    fn where_packages_win_they_are_cheaper_and_nowhere_else(question in question()) {
        let mut question = question;
        question.as_object_mut().unwrap().remove("detail");
        let value: ocr_pricing::Value = serde_json::from_value(question).unwrap();
        let answer = serde_json::to_value(ocr_pricing::compare(&value).unwrap()).unwrap();
        let wins = |volume: u64| list(&answer, "packagesWin").iter().any(|interval| {
            interval["from"].as_u64().unwrap() <= volume && interval["upTo"].as_u64().is_none_or(|last| volume <= last)
        });
        let curve = list(&answer, "curve");
        for point in curve {
            let cheaper = units(&point["withPackages"]) < units(&point["payPerUse"]);
            prop_assert_eq!(cheaper, wins(point["calls"].as_u64().unwrap()), "at {}", point["calls"]);
        }
        let saving = units(&answer["payPerUse"]["total"]) - units(&answer["withPackages"]["total"]);
        prop_assert_eq!(units(&answer["saving"]), saving);
    }
}
