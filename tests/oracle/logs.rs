//! The same calls as a log: its replay held against the oracle's answer to the calls themselves.

use crate::answer::Account;
use crate::compare::{self, Difference};
use crate::dice::Dice;
use crate::scenario;
use serde_json::{Value, json};

/// A scenario's request with its period said, and its calls as the rows of a log in no order; `None` where a log cannot say them.
pub fn of_scenario(seed: u64) -> Option<(Value, String, Value)> {
    let mut request = scenario::request(seed);
    let mut account = Account::new(&request);
    let answer = account.answer();
    let (world, mut dice) = (&account.world, Dice::new(seed ^ 0x10C));
    let apis = &world.request.catalog.apis;
    // A row that counts as a number of calls of its own stands in no log; empty names are no names there.
    let usual = |asked: &crate::calls::Asked| asked.calls == apis[asked.api].calls_per_request.unwrap_or(1);
    if account.asked.is_empty() || !account.asked.iter().all(usual) {
        return None;
    }
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut rows: Vec<String> = Vec::new();
    for asked in &account.asked {
        let (api, region) = (&apis[asked.api].id, &world.request.catalog.regions[asked.region].id);
        let names = [&asked.project, &asked.user].map(|name| name.as_deref().map(quoted).unwrap_or_default());
        rows.push(format!("{};{api};{region};{};{};{}", world.clock.show(asked.second), asked.status, names[0], names[1]));
    }
    for i in (1..rows.len()).rev() {
        rows.swap(i, dice.between(0, i as i64) as usize);
    }
    request["period"] = answer["period"].clone();
    request.as_object_mut()?.remove("usage");
    Some((request, format!("time;api;region;status;project;user\n{}\n", rows.join("\n")), answer))
}

/// Where the replay of a log differs from the oracle.
pub fn differences(request: &Value, log: &str, oracle: &Value) -> Vec<Difference> {
    let request: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    let mut replay = ocr_pricing::Replay::new(&request).unwrap();
    loop {
        replay.push(log.as_bytes()).unwrap();
        let answer = replay.finish().unwrap();
        if answer.refine.is_empty() {
            assert_eq!((answer.problems.len(), answer.unmatched.len()), (0, 0));
            return compare::differences(oracle, &json!(answer.estimate));
        }
    }
}
