//! The oracle itself against the worked examples of the billing rules; expected figures are the documents'.

use crate::answer;
use serde_json::{Value, json};

fn estimate(request: &Value) -> Value {
    answer::estimate(request).0
}

/// General Text and ID card in two regions, settled hourly, as on the China site; packages of a year.
fn huawei() -> Value {
    let package = |id: &str, api: &str, quota: u64, price: Value| json!({ "id": id, "apis": [api], "class": "package", "quota": quota, "price": price, "term": { "years": 1 }, "source": "guide" });
    json!({
        "currency": "CNY", "utcOffset": "+08:00", "settlement": "hour", "debitAfterHours": 1, "payPerUse": true,
        "rounding": { "line": { "places": 8, "mode": "truncate" }, "bill": { "at": "line", "places": 2, "mode": "truncate" } },
        "classes": [{ "id": "free", "kind": "free" }, { "id": "promotional", "kind": "promotional" }, { "id": "package", "kind": "package" }],
        "order": ["project", "limited", "created", "effective", "expiry", "sequence"],
        "regions": [{ "id": "cn-north-4" }, { "id": "cn-east-3" }],
        "apis": [{ "id": "general-text" }, { "id": "id-card" }, { "id": "vat-invoice" }],
        "ladders": [{ "apis": ["general-text"], "shape": "flat", "steps": [{ "upTo": null, "unitPrice": "0.08" }], "source": "guide" }],
        "packages": [package("text-100k", "general-text", 100_000, json!("3200")), package("vat-100k", "vat-invoice", 100_000, Value::Null)],
        "startChoice": true, "notOpenCode": "ModelArts.4204"
    })
}

/// ID card on Alibaba's official site: 200 free calls a month, a graduated ladder, a dedicated plan.
fn alibaba() -> Value {
    let steps = json!([{ "upTo": 10_000, "unitPrice": "0.0825" }, { "upTo": 100_000, "unitPrice": "0.0495" },
                       { "upTo": 500_000, "unitPrice": "0.0415" }, { "upTo": null, "unitPrice": null }]);
    json!({
        "currency": "CNY", "utcOffset": "+08:00", "settlement": "month", "payPerUse": true,
        "rounding": { "line": { "places": 3, "mode": "truncate" }, "bill": { "at": "month", "places": 2, "mode": "truncate" } },
        "classes": [{ "id": "free", "kind": "free" }, { "id": "dedicated", "kind": "package" }, { "id": "shared", "kind": "package" }],
        "order": ["expiry", "created", "sequence"],
        "regions": [{ "id": "cn-hangzhou" }],
        "apis": [{ "id": "id-card", "free": { "calls": 200, "every": "month" } }],
        "ladders": [{ "apis": ["id-card"], "shape": "graduated", "steps": steps, "source": "page" }],
        "packages": [{ "id": "plan-1000", "apis": ["id-card"], "class": "dedicated", "quota": 1000, "price": "70",
                       "term": { "years": 1 }, "source": "typed" }],
        "startChoice": false
    })
}

fn window(api: &str, start: &str, end: &str, calls: u64) -> Value {
    let zone = |text: &str| format!("{text}+08:00");
    json!({ "kind": "window", "api": api, "region": "cn-north-4", "start": zone(start), "end": zone(end), "calls": calls })
}

fn open(api: &str, from: &str, until: Option<&str>) -> Value {
    let mut row = json!({ "api": api, "region": "cn-north-4", "from": format!("{from}+08:00") });
    if let Some(until) = until {
        row["until"] = json!(format!("{until}+08:00"));
    }
    row
}

/// Kind, cycle, used and calls of every line, without date and zone.
fn shown_lines(answer: &Value) -> Vec<String> {
    let time = |value: &Value| value.as_str().unwrap()[11..19].to_owned();
    let lines = answer["lines"].as_array().unwrap().iter();
    let show = |line: &Value| {
        let (cycle, used) = (&line["cycle"], &line["used"]);
        let parts = [&cycle["start"], &cycle["end"], &used["start"], &used["end"], &line["debitedAt"]].map(time);
        format!(
            "{} {}-{} used {}-{} debited {} calls {}",
            line["kind"].as_str().unwrap(),
            parts[0],
            parts[1],
            parts[2],
            parts[3],
            parts[4],
            line["calls"]
        )
    };
    lines.map(show).collect()
}

#[test]
fn e1_a_year_ends_at_the_end_of_its_day() {
    let answer = estimate(
        &json!({ "catalog": huawei(), "grants": [{ "package": "text-100k", "region": "cn-north-4", "created": "2023-04-19T14:25:10+08:00" }] }),
    );
    assert_eq!(answer["grants"][0]["start"], "2023-04-19T14:25:10+08:00");
    assert_eq!(answer["grants"][0]["end"], "2024-04-20T00:00:00+08:00");
    assert_eq!(answer["period"], json!({ "start": "2023-04-01T00:00:00+08:00", "end": "2024-05-01T00:00:00+08:00" }));
}

#[test]
fn e2_a_renewed_term_starts_at_the_last_second_of_the_one_before() {
    let answer = estimate(
        &json!({ "catalog": huawei(), "grants": [{ "package": "vat-100k", "region": "cn-north-4", "created": "2023-03-08T15:50:04+08:00",
        "renewals": [{ "at": "2024-03-01T12:00:00+08:00" }] }] }),
    );
    let term = |at: usize| (answer["grants"][at]["start"].as_str().unwrap(), answer["grants"][at]["end"].as_str().unwrap());
    assert_eq!(term(0), ("2023-03-08T15:50:04+08:00", "2024-03-09T00:00:00+08:00"));
    assert_eq!(term(1), ("2024-03-08T23:59:59+08:00", "2025-03-09T00:00:00+08:00"));
    assert_eq!(answer["grants"][1]["id"], "g0+1");
    assert_eq!(answer["unpriced"], json!([{ "place": "catalog.packages[1].price", "package": "vat-100k" }]));
}

#[test]
fn e3_one_cycle_used_from_opening_to_closing() {
    let answer = estimate(&json!({ "catalog": huawei(), "detail": "cycle",
        "subscriptions": [open("id-card", "2023-04-18T08:45:30", Some("2023-04-18T08:55:30"))],
        "usage": [window("id-card", "2023-04-18T08:45:30", "2023-04-18T08:55:30", 50)] }));
    assert_eq!(shown_lines(&answer), ["pay-per-use 08:00:00-09:00:00 used 08:45:30-08:55:30 debited 10:00:00 calls 50"]);
    assert_eq!(answer["total"], Value::Null);
    assert_eq!(answer["lines"][0]["causes"], json!([{ "code": "before_switch_off", "calls": 50, "amount": null }]));
}

#[test]
fn e4_two_cycles() {
    let answer = estimate(&json!({ "catalog": huawei(), "detail": "cycle",
        "subscriptions": [open("id-card", "2023-04-18T09:59:30", Some("2023-04-18T10:45:46"))],
        "usage": [window("id-card", "2023-04-18T09:59:30", "2023-04-18T10:00:00", 5), window("id-card", "2023-04-18T10:00:00", "2023-04-18T10:45:46", 95)] }));
    assert_eq!(
        shown_lines(&answer),
        [
            "pay-per-use 09:00:00-10:00:00 used 09:59:30-10:00:00 debited 11:00:00 calls 5",
            "pay-per-use 10:00:00-11:00:00 used 10:00:00-10:45:46 debited 12:00:00 calls 95"
        ]
    );
}

#[test]
fn e5_five_thousand_calls_then_a_package() {
    let answer = estimate(&json!({ "catalog": huawei(),
        "subscriptions": [open("general-text", "2023-03-18T15:30:00", None)],
        "grants": [{ "package": "text-100k", "region": "cn-north-4", "created": "2023-03-20T10:30:00+08:00" }],
        "usage": [window("general-text", "2023-03-18T15:30:00", "2023-03-20T10:30:00", 5000), window("general-text", "2023-03-20T10:30:00", "2024-03-21T00:00:00", 100_000)] }));
    assert_eq!((&answer["payPerUse"], &answer["packages"], &answer["total"]), (&json!("400"), &json!("3200"), &json!("3600")));
    assert_eq!(
        (&answer["grants"][0]["used"], &answer["grants"][0]["left"], &answer["grants"][0]["expired"]),
        (&json!(100_000), &json!(0), &json!(0))
    );
}

#[test]
fn e6_three_lines_around_a_purchase() {
    let answer = estimate(&json!({ "catalog": huawei(), "detail": "cycle",
        "subscriptions": [open("general-text", "2023-04-18T15:29:16", None)],
        "grants": [{ "package": "text-100k", "region": "cn-north-4", "created": "2023-04-18T16:30:30+08:00" }],
        "usage": [window("general-text", "2023-04-18T15:40:00", "2023-04-18T15:41:00", 3), window("general-text", "2023-04-18T16:10:00", "2023-04-18T16:11:00", 2),
                  window("general-text", "2023-04-18T16:40:00", "2023-04-18T16:41:00", 7)] }));
    assert_eq!(
        shown_lines(&answer),
        [
            "pay-per-use 15:00:00-16:00:00 used 15:29:16-16:00:00 debited 17:00:00 calls 3",
            "pay-per-use 16:00:00-17:00:00 used 16:00:00-16:30:30 debited 18:00:00 calls 2",
            "package 16:30:30-16:30:30 used 16:30:30-00:00:00 debited 16:30:30 calls 0"
        ]
    );
    assert_eq!(answer["lines"][0]["causes"][0]["code"], "not_yet_effective");
}

#[test]
fn e8_free_then_plan_then_pay_as_you_go() {
    let usage = json!([{ "kind": "months", "from": "2026-01", "monthly": [5000], "api": "id-card", "region": "cn-hangzhou" }]);
    let grants = json!([{ "package": "plan-1000", "region": "cn-hangzhou", "created": "2026-01-01T00:00:00+08:00" }]);
    let answer = estimate(&json!({ "catalog": alibaba(), "usage": usage, "grants": grants }));
    let calls = &answer["calls"];
    assert_eq!((&calls["free"], &calls["package"], &calls["payPerUse"]), (&json!(200), &json!(1000), &json!(3800)));
    // 3,800 × 0.0825, all in the first step.
    assert_eq!(answer["payPerUse"], "313.5");
}

#[test]
fn e9_the_graduated_ladder() {
    let usage = json!([{ "kind": "months", "from": "2026-01", "monthly": [120_200], "api": "id-card", "region": "cn-hangzhou" }]);
    let answer = estimate(&json!({ "catalog": alibaba(), "usage": usage }));
    assert_eq!((&answer["calls"]["free"], &answer["total"]), (&json!(200), &json!("6110")));
    let slice = |from: u64, up_to: u64, calls: u64, price: &str, amount: &str| json!({ "from": from, "upTo": up_to, "calls": calls, "unitPrice": price, "amount": amount });
    let slices = [
        slice(0, 10_000, 10_000, "0.0825", "825"),
        slice(10_000, 100_000, 90_000, "0.0495", "4455"),
        slice(100_000, 500_000, 20_000, "0.0415", "830"),
    ];
    assert_eq!(answer["lines"][0]["slices"], json!(slices));
}

#[test]
fn e12_a_package_in_another_region() {
    let mut request = json!({ "catalog": huawei(),
        "subscriptions": [open("general-text", "2023-04-01T00:00:00", None)],
        "grants": [{ "package": "text-100k", "region": "cn-east-3", "created": "2023-04-01T00:00:00+08:00" }],
        "usage": [window("general-text", "2023-04-18T15:40:00", "2023-04-18T15:41:00", 10)] });
    let answer = estimate(&request);
    assert_eq!((&answer["grants"][0]["used"], &answer["payPerUse"]), (&json!(0), &json!("0.8")));
    assert_eq!(answer["lines"][1]["causes"], json!([{ "code": "other_region", "calls": 10, "amount": "0.8" }]));
    request["subscriptions"] = json!([]);
    let refused = json!([{ "code": "ModelArts.4204", "api": "general-text", "region": "cn-north-4", "calls": 10 }]);
    assert_eq!(estimate(&request)["refused"], refused);
}

#[test]
fn terms_keep_the_first_day_of_month_where_there_is_one() {
    let mut catalog = huawei();
    catalog["packages"][0]["term"] = json!({ "months": 1 });
    let answer = estimate(
        &json!({ "catalog": catalog, "grants": [{ "package": "text-100k", "region": "cn-north-4", "created": "2023-01-31T10:00:00+08:00",
        "renewals": [{ "at": "2023-02-01T00:00:00+08:00" }, { "at": "2023-03-05T00:00:00+08:00" }] }] }),
    );
    let ends: Vec<&str> = answer["grants"].as_array().unwrap().iter().map(|grant| grant["end"].as_str().unwrap()).collect();
    assert_eq!(ends, ["2023-03-01T00:00:00+08:00", "2023-04-01T00:00:00+08:00", "2023-05-01T00:00:00+08:00"]);
}

#[test]
fn a_line_of_less_than_a_fen_is_cut_off() {
    let mut catalog = huawei();
    catalog["ladders"][0]["steps"][0]["unitPrice"] = json!("0.04599822");
    let usage = [window("general-text", "2023-04-18T15:40:00", "2023-04-18T15:41:00", 1)];
    let answer = estimate(&json!({ "catalog": catalog, "usage": usage }));
    assert_eq!((&answer["total"], &answer["roundedOff"]), (&json!("0.04"), &json!("0.00599822")));
}

/// E6 as the billing FAQ reads it: the window 16:00–17:00 is the package's, also the two calls before its purchase.
#[test]
fn e6_with_windows_that_overlap() {
    let mut catalog = huawei();
    catalog["windows"] = json!("overlap");
    let answer = estimate(&json!({ "catalog": catalog, "detail": "cycle",
        "subscriptions": [open("general-text", "2023-04-18T15:29:16", None)],
        "grants": [{ "package": "text-100k", "region": "cn-north-4", "created": "2023-04-18T16:30:30+08:00" }],
        "usage": [window("general-text", "2023-04-18T15:40:00", "2023-04-18T15:41:00", 3), window("general-text", "2023-04-18T16:10:00", "2023-04-18T16:11:00", 2),
                  window("general-text", "2023-04-18T16:40:00", "2023-04-18T16:41:00", 7)] }));
    assert_eq!(
        shown_lines(&answer),
        [
            "pay-per-use 15:00:00-16:00:00 used 15:29:16-16:00:00 debited 17:00:00 calls 3",
            "package 16:30:30-16:30:30 used 16:30:30-00:00:00 debited 16:30:30 calls 0"
        ]
    );
    // 2 + 7
    assert_eq!(answer["grants"][0]["used"], 9);
}

#[test]
fn hours_past_midnight_begin_and_end_with_the_hour() {
    let mut catalog = huawei();
    catalog["limited"] = json!("off-peak");
    catalog["packages"][0]["hours"] = json!({ "from": 22, "to": 6 });
    let at = |time: &str| json!({ "kind": "at", "at": format!("2023-04-18T{time}+08:00"), "api": "general-text", "region": "cn-north-4", "calls": 1 });
    let grant = json!({ "package": "text-100k", "region": "cn-north-4", "created": "2023-04-01T00:00:00+08:00", "limited": true });
    let usage = ["21:59:59", "22:00:00", "05:59:59", "06:00:00"].map(at);
    let answer = estimate(&json!({ "catalog": catalog, "detail": "cycle", "grants": [grant], "usage": usage }));
    let charged = [
        "package 00:00:00-00:00:00 used 00:00:00-00:00:00 debited 00:00:00 calls 0",
        "pay-per-use 06:00:00-07:00:00 used 06:00:00-07:00:00 debited 08:00:00 calls 1",
        "pay-per-use 21:00:00-22:00:00 used 21:00:00-22:00:00 debited 23:00:00 calls 1",
    ];
    assert_eq!(shown_lines(&answer), charged);
    assert_eq!(answer["lines"][1]["causes"], json!([{ "code": "outside_hours", "calls": 1, "amount": "0.08" }]));
    assert_eq!(answer["grants"][0]["used"], 2);
}

/// The first package is for calls of project alpha alone; one at a time, the second waits for it all the same.
#[test]
fn the_second_package_waits_for_the_first() {
    let buy = |created: &str| json!({ "package": "text-100k", "region": "cn-north-4", "created": format!("{created}T00:00:00+08:00") });
    let mut grants = [buy("2023-04-01"), buy("2023-04-02")];
    grants[0]["project"] = json!("alpha");
    let mut request = json!({ "catalog": huawei(), "grants": grants,
        "usage": [window("general-text", "2023-04-18T15:40:00", "2023-04-18T15:41:00", 10)] });
    let paid = |request: &Value| {
        let calls = &estimate(request)["calls"];
        (calls["package"].clone(), calls["payPerUse"].clone())
    };
    assert_eq!(paid(&request), (json!(10), json!(0)));
    request["catalog"]["stacking"] = json!("one-at-a-time");
    assert_eq!(paid(&request), (json!(0), json!(10)));
}
