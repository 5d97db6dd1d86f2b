//! The conservation lines of the contract, checked on the oracle's own answers: a simulator can be wrong, too.

use crate::answer;
use crate::clock::{self, Clock};
use crate::money;
use crate::scenario;
use serde_json::{Value, json};

/// Panics where an answer of the oracle breaks a law.
pub fn check(answer: &Value) {
    let count = |value: &Value, key: &str| value[key].as_u64().unwrap_or_else(|| panic!("no {key} in {value}"));
    let months = answer["months"].as_array().unwrap();
    let holders = months.iter().map(|month| &month["calls"]).chain([&answer["calls"]]);
    for calls in holders {
        let parts = ["free", "promotional", "package", "payPerUse"].map(|key| count(calls, key)).iter().sum::<u64>();
        assert_eq!(count(calls, "counted"), parts, "counted = free + promotional + package + payPerUse");
    }
    for grant in answer["grants"].as_array().unwrap() {
        let parts = ["used", "left", "expired"].map(|key| count(grant, key)).iter().sum::<u64>();
        assert_eq!(count(grant, "quota"), parts, "quota = used + left + expired of {grant}");
    }
    let lines = answer["lines"].as_array().unwrap();
    let charged = |line: &&Value| line["kind"] == "pay-per-use";
    let calls: u64 = lines.iter().filter(charged).map(|line| count(line, "calls")).sum();
    assert_eq!(calls, count(&answer["calls"], "payPerUse"), "every pay-per-use call is on one line");
    for line in lines.iter().filter(charged) {
        for part in ["slices", "causes"] {
            let sum: u64 = line[part].as_array().unwrap().iter().map(|part| count(part, "calls")).sum();
            assert_eq!(sum, count(line, "calls"), "{part} of a line add up to its calls");
        }
        let causes = sum(line["causes"].as_array().unwrap().iter().map(|cause| &cause["amount"]));
        assert_eq!(causes, amount(&line["amount"]), "the causes add up to the line");
        let start = line["used"]["start"].as_str() < line["used"]["end"].as_str();
        assert!(start, "a line's use is some time: {line}");
    }
    let parts = sum(lines.iter().flat_map(|line| [&line["charged"], &line["roundedOff"]]));
    assert_eq!(parts, sum(lines.iter().map(|line| &line["amount"])), "charged + roundedOff = amount");
    if let Some(total) = amount(&answer["total"]) {
        let rounded_off = amount(&answer["roundedOff"]).unwrap();
        assert_eq!(sum(lines.iter().map(|line| &line["amount"])), Some(total + rounded_off), "the lines add up to the total");
        assert_eq!(sum(months.iter().map(|month| &month["total"])), Some(total), "the months add up to the total");
        assert_eq!(sum([&answer["packages"], &answer["payPerUse"]].into_iter()), Some(total), "total = packages + payPerUse");
    }
}

fn amount(value: &Value) -> Option<i128> {
    let text = value.as_str()?;
    let size = money::read(text.trim_start_matches('-'));
    Some(if text.starts_with('-') { -size } else { size })
}

fn sum<'a>(mut values: impl Iterator<Item = &'a Value>) -> Option<i128> {
    values.try_fold(0, |sum, value| Some(sum + amount(value)?))
}

/// Two parts of a period, cut at the start of a month and carried over, say what the whole says.
#[test]
fn two_halves_equal_the_whole() {
    let mut cut = 0;
    for seed in 0..400 {
        let mut request = scenario::request(seed);
        request["detail"] = "draw".into();
        let clock = Clock { offset: clock::offset(request["catalog"]["utcOffset"].as_str().unwrap()) };
        let estimate = |request: &Value| answer::estimate(request).0;
        let whole = estimate(&request);
        let instant = |key: &str| clock.read(whole["period"][key].as_str().unwrap());
        let opened = request.get("opening").map_or(i64::MIN, |state| clock.read(state["at"].as_str().unwrap()));
        let middle = clock::month_start(clock::month(instant("start").midpoint(instant("end"))));
        if middle <= instant("start").max(opened) {
            continue;
        }
        cut += 1;
        let (mut first, mut second) = (request.clone(), request);
        first["period"] = json!({ "start": whole["period"]["start"], "end": clock.show(middle) });
        let first = estimate(&first);
        second["period"] = json!({ "start": clock.show(middle), "end": whole["period"]["end"] });
        second["opening"] = first["closing"].clone();
        let second = estimate(&second);
        for list in ["lines", "draws", "months"] {
            let both = [&first[list], &second[list]].map(|list| list.as_array().unwrap().clone()).concat();
            assert_eq!(json!(both), whole[list], "{list} of seed {seed}");
        }
        for (one, other) in second["grants"].as_array().unwrap().iter().zip(whole["grants"].as_array().unwrap()) {
            assert_eq!((&one["used"], &one["left"]), (&other["used"], &other["left"]), "seed {seed}");
        }
        assert_eq!(second["closing"], whole["closing"], "seed {seed}");
    }
    assert!(cut > 100, "{cut} scenarios could be cut");
}
