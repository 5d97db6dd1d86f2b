//! The same calls as a log: its replay held against the oracle's answer to the calls themselves.

use crate::answer::Account;
use crate::compare::{self, Difference};
use crate::dice::Dice;
use crate::input::SuccessBy;
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
    // A cell of a log loses its blanks.
    let blank = |asked: &crate::calls::Asked| asked.error_code.as_ref().is_some_and(|code| code.trim() != code);
    if account.asked.is_empty() || !account.asked.iter().all(usual) || account.asked.iter().any(blank) {
        return None;
    }
    // N4: a log of such a provider says the error code, and no status where none is other than 200.
    let by_code = world.request.catalog.success.by == SuccessBy::ErrorCode;
    let no_status = by_code && account.asked.iter().all(|asked| asked.status.is_none_or(|status| status == 200));
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut rows: Vec<String> = Vec::new();
    for asked in &account.asked {
        let (api, region) = (&apis[asked.api].id, &world.request.catalog.regions[asked.region].id);
        let names = [&asked.project, &asked.user, &asked.error_code].map(|name| name.as_deref().map(quoted).unwrap_or_default());
        let status = if no_status { String::new() } else { format!(";{}", asked.status.unwrap_or(200)) };
        let code = if by_code { format!(";{}", names[2]) } else { String::new() };
        rows.push(format!("{};{api};{region}{status};{};{}{code}", world.clock.show(asked.second), names[0], names[1]));
    }
    for i in (1..rows.len()).rev() {
        rows.swap(i, dice.between(0, i as i64) as usize);
    }
    request["period"] = answer["period"].clone();
    request.as_object_mut()?.remove("usage");
    let code = if by_code { ";errorCode" } else { "" };
    let status = if no_status { "" } else { ";status" };
    Some((request, format!("time;api;region{status};project;user{code}\n{}\n", rows.join("\n")), answer))
}

/// Where the replay of a log differs from the oracle.
pub fn differences(request: &Value, log: &str, oracle: &Value) -> Vec<Difference> {
    let request: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    let mut replay = ocr_pricing::Replay::new(&request).unwrap();
    loop {
        replay.push(log.as_bytes()).unwrap();
        let answer = replay.finish().unwrap();
        if answer.refine.is_empty() {
            assert_eq!((json!(answer.problems), answer.unmatched.len()), (json!([]), 0));
            return compare::differences(oracle, &json!(answer.estimate));
        }
    }
}
