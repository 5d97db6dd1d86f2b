//! Random accounts over time: the engine's history held against the walk, and against itself in pieces.
//!
//! `HISTORIES` (default 500) says how many, `SEED` where they begin; from 20,000 on, everything that changes a state,
//! a movement or an alert must have occurred in at least 200 of them.

use crate::account::{self, Story};
use crate::account_alerts;
use crate::account_answer;
use crate::clock::{self, Clock};
use crate::compare::{self, Difference};
use crate::doors::{engine, fails};
use crate::histories_laws as laws;
use crate::histories_seen;
use crate::money;
use crate::scenario_account::a_history;
use crate::seen::Seen;
use crate::{number, report};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a history says that the walk says, too.
const SAID: [&str; 8] = ["movements", "purchases", "renewals", "states", "arrears", "alerts", "split", "todo"];

/// Fields that are there or not.
const OPTIONAL: [&str; 11] = ["grant", "cycle", "by", "amount", "key", "end", "extraDays", "term", "automatic", "api", "region"];

/// All differences between two histories.
fn differences(oracle: &Value, engine: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let (oracle, engine) = (in_order(oracle), in_order(engine));
    for key in SAID {
        compare::walk(key, &oracle[key], &engine[key], &OPTIONAL, &mut found);
    }
    compare::walk("closing", &oracle["closing"], &engine["closing"], &[], &mut found);
    found.extend(compare::differences(&oracle["estimate"], &engine["estimate"]));
    found
}

/// What of one instant may come in any order, in one order; without rules.
fn in_order(history: &Value) -> Value {
    let mut history = history.clone();
    if let Some(alerts) = history["alerts"].as_array_mut() {
        alerts.sort_by_cached_key(|alert| {
            let rank = account_alerts::CODES.iter().position(|code| alert["code"] == *code);
            (alert["at"].to_string(), rank, alert["of"].to_string(), alert["threshold"].to_string())
        });
    }
    if let Some(todo) = history["todo"].as_array_mut() {
        let same = |a: &Value, b: &Value| ["by", "do", "why", "grant"].iter().all(|key| a[key] == b[key]);
        for run in todo.chunk_by_mut(same) {
            run.sort_by_cached_key(|row| (row["api"].to_string(), row["region"].to_string()));
        }
    }
    for arrears in history["arrears"].as_array_mut().into_iter().flatten() {
        for cause in arrears["causes"].as_array_mut().into_iter().flatten() {
            cause.as_object_mut().unwrap().remove("rule");
        }
        if let Some(causes) = arrears["causes"].as_array_mut() {
            let amount = |cause: &Value| cause["amount"].as_str().map(money::read);
            causes.sort_by_cached_key(|cause| (std::cmp::Reverse(amount(cause)), cause["code"].to_string()));
        }
    }
    history
}

fn of_history(request: &Value, oracle: &Value) -> Vec<Difference> {
    match engine(request, ocr_pricing::account) {
        Ok(answer) => {
            let mut found = laws::broken(request, &answer);
            found.extend(differences(oracle, &answer));
            found
        }
        Err(error) => fails(error),
    }
}

/// The whole at once against as many pieces as there are starts of months within.
fn in_pieces(request: &Value) -> Vec<Difference> {
    let whole = match engine(request, ocr_pricing::account) {
        Ok(whole) => whole,
        Err(error) => return fails(error),
    };
    let clock = Clock { offset: clock::offset(request["catalog"]["utcOffset"].as_str().unwrap()) };
    let (start, end) = (clock.read(request["period"]["start"].as_str().unwrap()), clock.read(request["period"]["end"].as_str().unwrap()));
    let mut cuts = vec![start];
    cuts.extend((clock::month(start) + 1..=clock::month(end)).map(clock::month_start).filter(|at| *at < end));
    cuts.push(end);
    let mut pieces: Vec<Value> = Vec::new();
    for span in cuts.windows(2) {
        let mut piece = request.clone();
        piece["period"] = json!({ "start": clock.show(span[0]), "end": clock.show(span[1]) });
        if let Some(last) = pieces.last() {
            piece["opening"] = last["estimate"]["closing"].clone();
            for key in ["balance", "vouchers", "carried"] {
                piece["account"][key] = last["closing"][key].clone();
            }
        }
        match engine(&piece, ocr_pricing::account) {
            Ok(answer) => pieces.push(answer),
            Err(error) => return fails(error),
        }
    }
    let mut joined = json!({ "closing": pieces[pieces.len() - 1]["closing"] });
    for key in ["movements", "purchases", "renewals", "alerts"] {
        joined[key] = pieces.iter().flat_map(|piece| piece[key].as_array().unwrap().clone()).collect();
    }
    joined["states"] = merged(&pieces);
    let mut found = Vec::new();
    let whole_again = json!({ "states": merged(std::slice::from_ref(&whole)), "split": sums(std::slice::from_ref(&whole)) });
    compare::walk("pieces.states", &joined["states"], &whole_again["states"], &OPTIONAL, &mut found);
    compare::walk("pieces.split", &sums(&pieces), &whole_again["split"], &[], &mut found);
    let (joined, whole) = (in_order(&joined), in_order(&whole));
    for key in ["movements", "purchases", "renewals", "alerts"] {
        compare::walk(&format!("pieces.{key}"), &joined[key], &whole[key], &OPTIONAL, &mut found);
    }
    for key in ["balance", "vouchers"] {
        compare::walk(&format!("pieces.closing.{key}"), &joined["closing"][key], &whole["closing"][key], &[], &mut found);
    }
    let closing = |history: &Value| json!({ "closing": history["estimate"]["closing"] });
    found.extend(compare::differences(&closing(&pieces[pieces.len() - 1]), &closing(&whole)));
    found
}

/// The states of pieces as those of the whole: by what they are of, in time order.
fn merged(pieces: &[Value]) -> Value {
    let mut by: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in pieces.iter().flat_map(|piece| piece["states"].as_array().unwrap()) {
        let rows = by.entry(format!("{} {}", row["of"], row["grant"])).or_default();
        match rows.last_mut().filter(|last| last["end"] == row["start"] && last["state"] == row["state"]) {
            Some(last) => last["end"] = row["end"].clone(),
            None => rows.push(row.clone()),
        }
    }
    by.into_values().flatten().collect()
}

fn sums(pieces: &[Value]) -> Value {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in pieces.iter().flat_map(|piece| piece["split"].as_array().unwrap()) {
        *sums.entry(format!("{} {}", row["by"], row["key"])).or_default() += money::read(row["amount"].as_str().unwrap());
    }
    sums.retain(|_, sum| *sum != 0);
    json!(sums.into_iter().map(|(key, sum)| (key, money::show(sum))).collect::<BTreeMap<_, _>>())
}

fn told(request: &Value) -> (Story, Value) {
    let mut story = account::story(request);
    let answer = account_answer::all(&mut story);
    (story, answer)
}

/// Whether engine and walk differ in a history, and what occurred in it.
fn one(seed: u64) -> (bool, Seen) {
    let request = a_history(seed);
    let (story, oracle) = told(&request);
    let broken = laws::broken(&request, &oracle);
    let list: Vec<String> = broken.iter().map(|one| format!("{}: {} {}", one.path, one.oracle, one.engine)).collect();
    assert!(list.is_empty(), "seed {seed}: the walk breaks a law\n{}", list.join("\n"));
    let mut seen = Seen::default();
    histories_seen::occurred(&story, &oracle, &mut seen);
    let mut differ = of_history(&request, &oracle);
    if !differ.is_empty() {
        report(seed, &request, &differ, &|request| of_history(request, &told(request).1));
    } else {
        histories_seen::pieces(&story, &mut seen);
        differ = in_pieces(&request);
        if !differ.is_empty() {
            report(seed, &request, &differ, &in_pieces);
        }
    }
    (!differ.is_empty(), seen)
}

/// `REQUEST` names a file: both tell its history.
#[test]
fn one_history_twice() {
    let Ok(file) = std::env::var("REQUEST") else { return };
    let request: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let (oracle, engine) = (told(&request).1, engine(&request, ocr_pricing::account).unwrap_or_default());
    for key in SAID {
        for (who, history) in [("oracle", &oracle), ("engine", &engine)] {
            for row in history[key].as_array().into_iter().flatten() {
                println!("{who} {key} {row}");
            }
        }
    }
    for one in differences(&oracle, &engine) {
        println!("{}: oracle {} engine {}", one.path, one.oracle, one.engine);
    }
}

#[test]
fn a_history_equals_oracle() {
    let (histories, first) = (number("HISTORIES", 500), number("SEED", 20_261_121));
    let failures = number("FAILURES", 3);
    let (next, failed) = (AtomicU64::new(0), AtomicU64::new(0));
    let table = Mutex::new(histories_seen::ALL.iter().map(|name| (*name, 0)).collect::<BTreeMap<&str, u64>>());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = first + next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + histories || failed.load(Ordering::Relaxed) >= failures {
                        break;
                    }
                    let (different, seen) = one(seed);
                    failed.fetch_add(u64::from(different), Ordering::Relaxed);
                    let mut table = table.lock().unwrap();
                    for name in seen.0.keys() {
                        *table.get_mut(name).unwrap_or_else(|| panic!("{name} is not listed")) += 1;
                    }
                }
            });
        }
    });
    let table = table.into_inner().unwrap();
    for name in histories_seen::ALL {
        println!("{:>10}  {name}", table[name]);
    }
    println!("{histories} histories from seed {first}");
    assert_eq!(failed.into_inner(), 0, "engine and walk differ: see the reports above");
    if histories >= 20_000 {
        let rare: Vec<_> = table.iter().filter(|(_, histories)| **histories < 200).collect();
        assert!(rare.is_empty(), "seen in fewer than 200 histories: {rare:?}");
    }
}
