//! A log that is replayed comes to the same as its calls one by one, however the file is cut and in whatever order its rows stand.
#![cfg(not(target_arch = "wasm32"))]

use ocr_pricing::{Replay, Value, What, charges, estimate};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

fn catalog(name: &str) -> Json {
    let path = format!("{}/tests/catalogs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn value(of: &Json) -> Value {
    serde_json::from_value(of.clone()).unwrap()
}

/// Replays a file that comes in pieces of some size; later passes push what was asked for, or the whole file again.
fn replay(request: &Json, file: &[u8], piece: usize, only_what_is_asked: bool) -> Json {
    let mut replay = Replay::new(&value(request)).unwrap();
    file.chunks(piece).for_each(|piece| {
        replay.push(piece).unwrap();
    });
    let mut answer = replay.finish().unwrap();
    while !answer.refine.is_empty() {
        if only_what_is_asked {
            for range in &answer.ranges {
                replay.seek(range.from).unwrap();
                file[range.from as usize..(range.to as usize).min(file.len())].chunks(piece).for_each(|piece| {
                    replay.push(piece).unwrap();
                });
            }
        } else {
            file.chunks(piece).for_each(|piece| {
                replay.push(piece).unwrap();
            });
        }
        answer = replay.finish().unwrap();
    }
    serde_json::to_value(answer).unwrap()
}

#[test]
fn a_hostile_file_reads_the_same_however_it_is_cut() {
    let endless = format!("2026-01-05T10:00:09+08:00,text,north,200,\"{}\n", "x\n".repeat(700_000));
    let file = [
        "\u{feff}\"time\",API,region,status,project\r\n",
        "2026-01-05T10:00:00+08:00,text,north,200,\r\n",
        "\"2026-01-05T10:00:01+08:00\",\"Text, 0.1 a call\",\"north\",200,\"a \"\"quoted\"\"\r\nproject, with a line\"\r\n",
        "\r\n",
        "2026-01-05 10:00:02,text,north,200,\n",
        "2026-01-05T10:00:03+08:00,text\n",
        "2026-01-05T10:00:04+08:00,text,north,abc,\n",
        "2026-01-05T10:00:05+08:00,TEXT ,north,404,\n",
        "never,text,north,200,\n",
        "2026-01-05T10:00:06+08:00,nothing,north,200,\n",
        "2026-01-05T10:00:07+08:00,text,north,200,mid\"quote\n",
        "2026-01-05T10:00:07+08:00,text,north,200,mid\"quote\n",
        &"y".repeat(1_100_000),
        "\n2026-01-05T10:00:08.5+08:00,text,north,200,\n",
        &endless,
        "\n2026-01-05T10:00:10+08:00,text,north,200,last",
    ]
    .concat();
    let request = json!({ "catalog": catalog("example-hourly"), "detail": "cycle" });
    let whole = replay(&request, file.as_bytes(), file.len(), false);
    // 10:00:00, 01, 05 (not counted), 07 twice, 08, 10: seven rows count. Line 18 is the endless quote, read up to a million bytes.
    assert_eq!(whole["estimate"]["calls"]["counted"], 6);
    assert_eq!(whole["estimate"]["calls"]["notCounted"], 1);
    assert_eq!(whole["estimate"]["lines"].as_array().unwrap().len(), 4, "no project, the quoted one, mid\"quote, last");
    assert_eq!(whole["repeated"]["rows"], 1);
    assert_eq!(whole["unmatched"], json!([{ "column": "api", "name": "nothing", "calls": 1 }]));
    let kinds: Vec<_> =
        whole["problems"].as_array().unwrap().iter().map(|it| (it["line"].as_u64().unwrap(), it["code"].as_str().unwrap())).collect();
    let expected = [
        (6, "instant_without_offset"),
        (7, "too_few_fields"),
        (8, "invalid_status"),
        (10, "invalid_instant"),
        (14, "line_too_long"),
        (16, "quote_unclosed"),
    ];
    assert_eq!(kinds[..6], expected);
    for piece in [1, 7, 65_536] {
        assert_eq!(replay(&request, file.as_bytes(), piece, false), whole, "in pieces of {piece}");
    }
}

#[test]
fn a_file_that_begins_with_a_byte_order_mark_and_a_row_keeps_its_first_row() {
    let package = json!({ "package": "text-7", "region": "north", "created": "2026-01-05T10:30:00+08:00" });
    let request = json!({ "catalog": catalog("example-hourly"), "grants": [package], "columns": { "at": 0, "api": 1, "region": 2 } });
    let file = "\u{feff}2026-01-05T10:40:00+08:00,text,north\n2026-01-05T10:50:00+08:00,text,north\n";
    for only_what_is_asked in [false, true] {
        let answer = replay(&request, file.as_bytes(), 10, only_what_is_asked);
        assert_eq!((&answer["passes"], &answer["estimate"]["calls"]["package"]), (&json!(2), &json!(2)));
    }
}

#[test]
fn a_log_in_which_no_row_counts_comes_to_nothing() {
    let request = json!({ "catalog": catalog("example-hourly") });
    let unknown = "time,api,region\n2026-03-05T10:00:00+08:00,nothing,north\n";
    let answer = replay(&request, unknown.as_bytes(), 10, false);
    assert_eq!((&answer["estimate"]["total"], &answer["unmatched"][0]["calls"]), (&json!("0"), &json!(1)));
    assert_eq!(answer["estimate"]["period"]["start"], "2026-03-01T00:00:00+08:00");
    let unreadable = "time,api,region\nnever,text,north\n";
    let answer = replay(&request, unreadable.as_bytes(), 10, false);
    assert_eq!((&answer["estimate"]["calls"]["requests"], &answer["problemCounts"][0]["rows"]), (&json!(0), &json!(1)));
}

#[test]
fn endlessly_many_unknown_names_are_told_together() {
    let request = json!({ "catalog": catalog("example-hourly") });
    let rows = |names: std::ops::Range<u32>| names.map(|name| format!("2026-01-05T10:00:00+08:00,name-{name},north\n")).collect::<String>();
    let file = format!("time,api,region\n2026-01-05T10:00:00+08:00,text,north\n{}2026-01-05T10:00:00+08:00,TEXT,north\n", rows(0..70_000));
    let answer = replay(&request, file.as_bytes(), 65_536, false);
    assert_eq!(answer["estimate"]["calls"]["counted"], 2);
    let unmatched = answer["unmatched"].as_array().unwrap();
    let calls: u64 = unmatched.iter().map(|it| it["calls"].as_u64().unwrap()).sum();
    assert_eq!((calls, &unmatched[0]["name"]), (70_000, &json!("…")));
    assert!(unmatched.len() < 66_000);
}

#[test]
fn a_log_of_more_than_4096_streams_is_refused() {
    let request = json!({ "catalog": catalog("example-hourly") });
    let log = |users: u32| {
        (0..users).fold(String::from("time,api,region,user\n"), |log, user| format!("{log}2026-01-05T10:00:00+08:00,text,north,{user}\n"))
    };
    let answer = replay(&request, log(4_096).as_bytes(), 65_536, false);
    assert_eq!(answer["estimate"]["calls"]["counted"], 4_096);
    let mut too_many = Replay::new(&value(&request)).unwrap();
    let error = too_many.push(log(4_097).as_bytes()).unwrap_err();
    assert_eq!((error.code().name(), error.place()), ("too_many_streams", "log"));
    assert_eq!(too_many.finish().unwrap_err(), error);
}

#[test]
fn every_cause_is_the_same_in_a_shuffled_log() {
    let path = format!("{}/tests/cases/replay/causes.toml", env!("CARGO_MANIFEST_DIR"));
    let file: Json = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (case, mut dice) = (&file["case"][0], fastrand::Rng::with_seed(1));
    let mut request = case["request"].clone();
    request["catalog"] = catalog("example-hourly");
    let (titles, rows) = case["ask"]["log"].as_str().unwrap().split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let in_order = replay(&request, format!("{titles}\n{}", rows.join("\n")).as_bytes(), 65_536, false);
    assert_eq!(in_order["charges"].as_array().unwrap().len(), 10, "every cause of W1");
    for _ in 0..20 {
        dice.shuffle(&mut rows);
        let shuffled = replay(&request, format!("{titles}\n{}", rows.join("\n")).as_bytes(), 100, true);
        assert_eq!(shuffled["charges"], in_order["charges"]);
        assert_eq!(first_difference(&shuffled["estimate"], &in_order["estimate"], ""), None);
    }
}

#[test]
fn a_call_has_its_receipt_and_its_place_in_every_file_where_the_catalog_does_not_list_its_api() {
    // Two calls a request, 1 each.
    let request = json!({ "catalog": catalog("example-hourly"), "detail": "draw" });
    let mut replay = Replay::new(&value(&request)).unwrap();
    replay.push(b"time,api,region\n2026-01-05T10:00:00+08:00,batch,south\n").unwrap();
    assert!(replay.finish().unwrap().refine.is_empty());
    let call = |region: &str| json!({ "at": "2026-01-05T10:00:00+08:00", "api": "batch", "region": region });
    let found = replay.receipt(&value(&call("south"))).unwrap().receipt.unwrap();
    let found = serde_json::to_value(found).unwrap();
    assert_eq!(
        (&found["outcome"], &found["charged"]["amount"], &found["charged"]["cause"]),
        (&json!("charged"), &json!("1"), &json!("no_package"))
    );
    assert_eq!(replay.receipt(&value(&call("north"))).unwrap_err().code().name(), "no_such_call");
    for what in [What::BillCsv, What::LedgerCsv, What::CausesCsv, What::FocusCsv] {
        let file = replay.export(what).unwrap();
        assert!(file.lines().nth(1).is_some_and(|row| row.contains("batch") && row.contains("south")), "{what:?}: {file}");
    }
}

#[test]
fn a_call_of_a_log_has_the_receipt_that_it_has_as_usage() {
    let mut paid = 0;
    for seed in 0..120 {
        let mut dice = fastrand::Rng::with_seed(10_000 + seed);
        let (request, mut rows, usage) = random_log(&mut dice, seed % 2 == 1);
        rows.sort();
        let file = format!("timestamp,api,region,status,project,user,calls\n{}\n", rows.join("\n"));
        let mut direct = request.clone();
        direct["usage"] = usage.clone();
        let row = dice.choice(usage.as_array().unwrap()).unwrap();
        let call = json!({ "at": row["at"], "api": row["api"], "region": row["region"] });
        let expected = ocr_pricing::receipt(&value(&direct), &value(&call)).unwrap();
        let mut replay = Replay::new(&value(&request)).unwrap();
        replay.push(file.as_bytes()).unwrap();
        while !replay.finish().unwrap().refine.is_empty() {
            replay.push(file.as_bytes()).unwrap();
        }
        let mut found = replay.receipt(&value(&call)).unwrap();
        if found.receipt.is_none() {
            for range in &found.ranges {
                replay.seek(range.from).unwrap();
                replay.push(&file.as_bytes()[range.from as usize..range.to as usize]).unwrap();
            }
            found = replay.receipt(&value(&call)).unwrap();
        }
        let found = found.receipt.expect("the hour was read");
        assert_eq!(serde_json::to_value(&found).unwrap(), serde_json::to_value(&expected).unwrap(), "seed {seed}: {call}");
        paid += u32::from(found.paid.is_some());
    }
    assert!(paid > 5, "only {paid} were paid by a grant");
}

/// The counts that a database makes of a log: by the hour, and by the second in the hours that are asked for.
fn counts(rows: &[String], by_second: &BTreeSet<String>) -> String {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        let ((at, names), calls) = (row.split_once(',').unwrap(), row.rsplit_once(',').unwrap().1);
        let hour = format!("{}:00:00+08:00", &at[..13]);
        let at = if by_second.contains(&hour) { at } else { &hour };
        let names = names.strip_suffix(calls).unwrap();
        *counts.entry(format!("{at},{names}")).or_default() += calls.parse::<u64>().unwrap();
    }
    let rows = counts.iter().map(|(row, calls)| format!("{row}{calls}\n"));
    format!("timestamp,api,region,status,project,user,calls\n{}", rows.collect::<String>())
}

/// Replays the counts of a log, counted anew with the hours that are asked for.
fn replay_counts(request: &Json, rows: &[String]) -> Json {
    let mut replay = Replay::new(&value(request)).unwrap();
    let mut by_second = BTreeSet::new();
    loop {
        replay.push(counts(rows, &by_second).as_bytes()).unwrap();
        let answer = replay.finish().unwrap();
        if answer.refine.is_empty() {
            return serde_json::to_value(answer).unwrap();
        }
        by_second.extend(answer.refine.into_iter().map(|hour| hour.start));
    }
}

/// Where two answers differ, and how.
fn first_difference(a: &Json, b: &Json, place: &str) -> Option<String> {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(key, value)| first_difference(value, b.get(key).unwrap_or(&Json::Null), &format!("{place}.{key}")))
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| first_difference(a, b, &format!("{place}[{i}]")))
        }
        _ if a == b => None,
        _ => Some(format!("{place}: {a} is not {b}")),
    }
}

/// A log of random calls, and the same calls as usage.
fn random_log(dice: &mut fastrand::Rng, monthly: bool) -> (Json, Vec<String>, Json) {
    let (apis, regions) = if monthly {
        (vec!["read", "scan", "form"], vec!["east", "west"])
    } else {
        (vec!["text", "card", "table", "batch"], vec!["north", "south"])
    };
    let start = 1_767_225_600 - 8 * 3_600; // 2026-01-01 00:00:00 in UTC+8
    let stamp = |second: i64| {
        let local = second + 8 * 3_600;
        let (day, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let date = chrono_free_date(day);
        format!("{date}T{:02}:{:02}:{:02}+08:00", rest / 3_600, rest / 60 % 60, rest % 60)
    };
    let sold = catalog(if monthly { "example-monthly" } else { "example-hourly" });
    let offered = |api: &str| -> Vec<&str> {
        let listed = sold["apis"].as_array().unwrap().iter().find(|it| it["id"] == api).unwrap()["regions"].as_array();
        regions.iter().copied().filter(|region| listed.is_none_or(|listed| listed.contains(&json!(region)))).collect()
    };
    let mut seconds: Vec<i64> = Vec::new();
    while seconds.len() < 150 {
        // Bursts, so that hours are shared.
        let from = start + dice.i64(0..40 * 86_400);
        (0..dice.usize(1..25)).for_each(|_| seconds.push(from + dice.i64(0..4_000)));
    }
    let (mut rows, mut usage) = (Vec::new(), Vec::new());
    for second in &seconds {
        let api = *dice.choice(&apis).unwrap();
        let region = *dice.choice(&offered(api)).unwrap();
        let (project, user) = (*dice.choice(&["", "p", "q"]).unwrap(), *dice.choice(&["", "u"]).unwrap());
        let (status, calls) = (*dice.choice(&[200, 200, 200, 201, 404, 500]).unwrap(), dice.u64(1..4));
        let at = stamp(*second);
        rows.push(format!("{at},{api},{region},{status},{project},{user},{calls}"));
        let mut row = json!({ "kind": "at", "at": at, "api": api, "region": region, "status": status, "calls": calls });
        if !project.is_empty() {
            row["project"] = json!(project);
        }
        if !user.is_empty() {
            row["user"] = json!(user);
        }
        usage.push(row);
    }
    let packages = if monthly {
        vec!["read-50", "read-month-40", "scan-40", "shared-60", "points-20"]
    } else {
        vec!["text-7", "text-30", "card-6", "table-9", "text-days-20", "batch-5"]
    };
    let mut grants: Vec<Json> = (0..dice.usize(0..7))
        .map(|_| {
            // Bought in the middle of an hour that is called in.
            let created = stamp(*dice.choice(&seconds).unwrap());
            let package = *dice.choice(&packages).unwrap();
            let api = package.split('-').next().unwrap();
            let region = if package == "card-6" {
                "north"
            } else if apis.contains(&api) {
                *dice.choice(&offered(api)).unwrap()
            } else {
                "east"
            };
            let mut grant = json!({ "package": package, "region": region, "created": created });
            if dice.bool() {
                grant["project"] = json!("p");
            }
            grant
        })
        .collect();
    grants.sort_by_key(|grant| grant["created"].as_str().unwrap().to_string());
    let mut request = json!({
        "catalog": sold,
        "grants": grants,
        "detail": *dice.choice(&["month", "cycle", "draw"]).unwrap(),
    });
    if dice.u8(0..3) == 0 {
        let subscriptions: Vec<Json> = apis
            .iter()
            .flat_map(|api| offered(api).into_iter().map(move |region| (api, region)))
            .map(|(api, region)| {
                let from = seconds[dice.usize(0..seconds.len())];
                let mut row = json!({ "api": api, "region": region, "from": stamp(from) });
                if dice.bool() {
                    row["until"] = json!(stamp(from + dice.i64(1..20 * 86_400)));
                }
                row
            })
            .collect();
        request["subscriptions"] = json!(subscriptions);
    }
    (request, rows, json!(usage))
}

/// Days since 1970-01-01 as a date, by counting months: the tests' own calendar.
fn chrono_free_date(mut day: i64) -> String {
    let mut year = 1970;
    loop {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let months = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, days) in months.iter().enumerate() {
            if day < *days {
                return format!("{year:04}-{:02}-{:02}", month + 1, day + 1);
            }
            day -= days;
        }
        year += 1;
    }
}

#[test]
fn a_log_comes_to_the_same_as_its_calls_one_by_one() {
    let logs: u64 = std::env::var("LOGS").ok().and_then(|it| it.parse().ok()).unwrap_or(1_000);
    let mut refined = 0;
    for seed in 0..logs {
        let mut dice = fastrand::Rng::with_seed(seed);
        let (request, mut rows, usage) = random_log(&mut dice, seed % 2 == 1);
        let mut direct = request.clone();
        direct["usage"] = usage;
        // Whatever was bought, the answer to a log ends with the month of its last call. All are of the first months of a year.
        let month = |row: &String| row[5..7].parse::<u32>().unwrap();
        let (first, last) = (rows.iter().map(month).min().unwrap(), rows.iter().map(month).max().unwrap());
        let midnight = |month: u32| format!("2026-{month:02}-01T00:00:00+08:00");
        direct["period"] = json!({ "start": midnight(first), "end": midnight(last + 1) });
        let expected = serde_json::to_value(estimate(&value(&direct)).unwrap()).unwrap();
        let why = serde_json::to_value(charges::ask(&value(&direct)).unwrap()).unwrap();
        for shuffled in [false, true] {
            if shuffled {
                dice.shuffle(&mut rows);
            } else {
                rows.sort();
            }
            let mut file = String::from("timestamp,api,region,status,project,user,calls\n");
            rows.iter().for_each(|row| writeln!(file, "{row}").unwrap());
            let answer = replay(&request, file.as_bytes(), 1_000, dice.bool());
            let wrong = first_difference(&answer["estimate"], &expected, "").or(first_difference(&answer["charges"], &why, "charges"));
            assert!(wrong.is_none(), "seed {seed}, shuffled: {shuffled}: {}\n{}\n{file}", wrong.unwrap(), request["grants"]);
            refined += u64::from(answer["passes"] != 1);
        }
        // Draws are told by the second, which counts do not know.
        if request["detail"] != "draw" {
            let answer = replay_counts(&request, &rows);
            let wrong = first_difference(&answer["estimate"], &expected, "").or(first_difference(&answer["charges"], &why, "charges"));
            assert!(wrong.is_none(), "seed {seed}, its counts: {}\n{}\n{}", wrong.unwrap(), request["grants"], rows.join("\n"));
        }
    }
    assert!(refined > logs / 2, "only {refined} of {} replays had to look at seconds", 2 * logs);
}

#[test]
fn a_row_is_found_again_within_a_million_rows_and_no_further() {
    let within = ocr_pricing::repeated::WITHIN;
    let mut dice = fastrand::Rng::with_seed(7);
    // So many rows out of so many different ones: half of them at the very end of the reach, just beyond it, most of them.
    for (rows, names) in [(2 * within, within as u64), (2 * within, within as u64 + 1), (1_100_000, 1_000_000), (5, 2)] {
        let mut repeated = ocr_pricing::repeated::Repeated::default();
        let mut last = std::collections::HashMap::new();
        let mut expected = 0;
        for row in 0..rows {
            let name = if names.abs_diff(within as u64) < 2 { row as u64 % names } else { dice.u64(0..names) };
            expected += u64::from(last.insert(name, row).is_some_and(|before| row - before <= within));
            repeated.look(name.to_string().as_bytes());
        }
        assert_eq!(repeated.rows(), expected, "{rows} rows out of {names}");
    }
}
