//! The engine held against a slow, obvious simulator that decides every call on its own.
//!
//! Written from the billing rules and the contract, never from the engine. `SCENARIOS` (default 2000) says how many
//! random requests are compared, `SEED` where they begin; from 100,000 on, every rule and cause must have decided
//! something in at least 500 of them. `FAILURES` (default 3) says after how many differences the run gives up.
//! What an account holds over time is told in `histories`.
#![cfg(not(target_arch = "wasm32"))]

mod account;
mod account_alerts;
mod account_answer;
mod account_budget;
mod account_input;
mod account_split;
mod account_states;
mod account_todo;
mod answer;
mod bill;
mod calls;
mod catalog;
mod cause;
mod clock;
mod compare;
mod dice;
mod doors;
mod draws;
mod examples;
mod examples_field;
mod grants;
mod histories;
mod histories_laws;
mod histories_seen;
mod input;
mod laws;
mod logs;
mod merge;
mod money;
mod open;
mod price;
mod profile;
mod readings;
mod receipt;
mod scenario;
mod scenario_account;
mod scenario_catalog;
mod scenario_grants;
mod scenario_readings;
mod scenario_tariffs;
mod scenario_usage;
mod seen;
mod seen_bill;
mod seen_names;
mod seen_versions;
mod shrink;
mod state;
mod stops;
mod windows;
mod world;

use compare::Difference;
use serde_json::Value;
use shrink::Check;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

/// In how many scenarios each was seen, and how often in all.
type Table = BTreeMap<&'static str, (u64, u64)>;

#[test]
fn engine_equals_oracle() {
    let (scenarios, first_seed) = (number("SCENARIOS", 2000), number("SEED", 20_261_120));
    let failures = number("FAILURES", 3);
    let (next, failed) = (AtomicU64::new(0), AtomicU64::new(0));
    let table: Mutex<Table> = Mutex::new(seen_names::ALL.iter().map(|name| (*name, (0, 0))).collect());
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= scenarios || failed.load(Ordering::Relaxed) >= failures {
                        break;
                    }
                    let seed = first_seed + number;
                    let (different, seen) = doors::all(seed, &report);
                    failed.fetch_add(u64::from(different), Ordering::Relaxed);
                    let mut table = table.lock().unwrap();
                    for (name, times) in seen.0 {
                        let (scenarios, all) = table.get_mut(name).unwrap();
                        *scenarios += 1;
                        *all += times;
                    }
                }
            });
        }
    });
    let table = table.into_inner().unwrap();
    println!("{:>10} {:>12}  decided by", "scenarios", "times");
    for name in seen_names::ALL {
        println!("{:>10} {:>12}  {name}", table[name].0, table[name].1);
    }
    println!("{scenarios} scenarios from seed {first_seed} in {} s", began.elapsed().as_secs());
    assert_eq!(failed.into_inner(), 0, "engine and oracle differ: see the reports above");
    if scenarios >= 100_000 {
        let rare: Vec<_> = table.iter().filter(|(_, (scenarios, _))| *scenarios < 500).collect();
        assert!(rare.is_empty(), "seen in fewer than 500 scenarios: {rare:?}");
    }
}

fn report(seed: u64, request: &Value, different: &[Difference], check: &Check) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock();
    println!("\nSEED={seed} SCENARIOS=1 differs in {} places:", different.len());
    show(different);
    let small = shrink::shrink(request, different, check);
    println!("shrunk, it still differs:");
    show(&check(&small));
    println!("{small}\n");
}

fn show(different: &[Difference]) {
    for one in different.iter().take(8) {
        println!("  {}: oracle {} engine {}", one.path, one.oracle, one.engine);
    }
}

#[test]
fn a_replayed_log_equals_oracle() {
    let (wanted, mut compared) = (number("LOGS", 100), 0);
    for seed in number("SEED", 20_261_120).. {
        if compared == wanted {
            break;
        }
        let Some((request, log, oracle)) = logs::of_scenario(seed) else { continue };
        let different = logs::differences(&request, &log, &oracle);
        let list: Vec<String> = different.iter().map(|it| format!("{}: oracle {}, engine {}", it.path, it.oracle, it.engine)).collect();
        assert!(list.is_empty(), "seed {seed}\n{}\n{log}", list.join("\n"));
        compared += 1;
    }
}
