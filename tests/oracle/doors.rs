//! The engine's doors that the oracle knows, each asked about a scenario and held against the oracle's own answer.

use crate::answer::{self, Account};
use crate::compare::{self, Difference};
use crate::dice::Dice;
use crate::laws;
use crate::readings;
use crate::receipt;
use crate::scenario;
use crate::seen::Seen;
use crate::shrink::Check;
use serde::Serialize;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What to do with a difference.
pub type Report<'a> = dyn Fn(u64, &Value, &[Difference], &Check) + 'a;

/// Whether engine and oracle differ in a scenario, and which rules decided something.
pub fn all(seed: u64, report: &Report) -> (bool, Seen) {
    let (request, mut dice) = (scenario::request(seed), Dice::new(!seed));
    let mut account = Account::new(&request);
    let oracle = account.answer();
    laws::check(&oracle);
    readings::changed(&request, &mut account);
    let mut seen = std::mem::take(&mut account.seen);
    let mut differs = false;
    let mut check = |different: Vec<Difference>, check: &Check| {
        if !different.is_empty() {
            differs = true;
            report(seed, &request, &different, check);
        }
    };
    check(of_estimate(&request, &oracle), &|request| of_estimate(request, &answer::estimate(request).0));
    if let Some(ask) = receipt::question(&account, &mut dice) {
        let ours = receipt::answer(&account, &ask, &mut seen);
        let again = |request: &Value| {
            let account = Account::new(request);
            of_receipt(request, &ask, &account, &receipt::answer(&account, &ask, &mut Seen::default()))
        };
        check(of_receipt(&request, &ask, &account, &ours), &again);
    }
    if dice.chance(4) {
        let ours = readings::all(&request, &account);
        readings::seen(&ours, &mut seen);
        check(of_readings(&request, &ours), &|request| of_readings(request, &readings::all(request, &Account::new(request))));
    }
    (differs, seen)
}

fn of_estimate(request: &Value, oracle: &Value) -> Vec<Difference> {
    match engine(request, ocr_pricing::estimate) {
        Ok(answer) => compare::differences(oracle, &answer),
        Err(error) => fails(error),
    }
}

fn of_receipt(request: &Value, ask: &Value, account: &Account, oracle: &Value) -> Vec<Difference> {
    let ask = serde_json::from_value::<ocr_pricing::Value>(ask.clone()).unwrap();
    let answer = engine(request, |request| ocr_pricing::receipt(request, &ask));
    let bought: Vec<&str> = account.world.grants.iter().filter(|grant| grant.free.is_none()).map(|grant| grant.id.as_str()).collect();
    match answer.or_else(expected) {
        Ok(answer) => compare::receipts(oracle, &answer, &bought),
        Err(error) => fails(error),
    }
}

fn of_readings(request: &Value, oracle: &Value) -> Vec<Difference> {
    match engine(request, ocr_pricing::readings) {
        Ok(answer) => compare::readings(oracle, &answer),
        Err(error) => fails(error),
    }
}

/// An error of the engine: its code and place, or a panic.
pub type Failure = Option<(Value, Value)>;

/// The engine's answer as JSON.
pub fn engine<T: Serialize>(request: &Value, door: impl Fn(&ocr_pricing::Value) -> ocr_pricing::Result<T>) -> Result<Value, Failure> {
    let answer = || {
        let request: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
        match door(&request) {
            Ok(answer) => Ok(serde_json::to_value(&answer).unwrap()),
            Err(error) => {
                let error = serde_json::to_value(&error).unwrap();
                Err(Some((error["code"].clone(), error["place"].clone())))
            }
        }
    };
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or(Err(None))
}

/// An error that the oracle answers, too.
fn expected(failure: Failure) -> Result<Value, Failure> {
    match failure {
        Some((code, place)) if code == "no_such_call" => Ok(json!({ "error": { "code": code, "place": place } })),
        _ => Err(failure),
    }
}

pub fn fails(failure: Failure) -> Vec<Difference> {
    let engine = failure.map_or("panicked".into(), |(code, place)| json!([code, place]));
    vec![Difference { path: "error".into(), oracle: "none".into(), engine }]
}
