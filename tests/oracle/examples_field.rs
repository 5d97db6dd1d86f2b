//! Faults found in the field, told by the oracle alone; expected figures are the arithmetic beside them.

use crate::account;
use crate::account_answer;
use crate::answer;
use serde_json::{Value, json};

fn estimate(request: &Value) -> Value {
    answer::estimate(request).0
}

fn history(request: &Value) -> Value {
    account_answer::all(&mut account::story(request))
}

fn set(request: &mut Value, place: &str, value: Value) {
    *request.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
}

/// One API at Alibaba, without free calls; its price changes on 16 January.
fn price_change(shape: &str) -> Value {
    let row = |prices: [&str; 2]| {
        json!({ "apis": ["id-card"], "shape": shape, "source": "page",
                "steps": [{ "upTo": 10_000, "unitPrice": prices[0] }, { "upTo": null, "unitPrice": prices[1] }] })
    };
    let (mut old, mut new) = (row(["0.10", "0.05"]), row(["0.08", "0.04"]));
    old["until"] = json!("2026-01-16T00:00:00+08:00");
    new["from"] = json!("2026-01-16T00:00:00+08:00");
    let catalog = json!({
        "currency": "CNY", "utcOffset": "+08:00", "settlement": "month", "payPerUse": true,
        "rounding": { "line": { "places": 3, "mode": "truncate" }, "bill": { "at": "month", "places": 2, "mode": "truncate" } },
        "classes": [{ "id": "free", "kind": "free" }, { "id": "plan", "kind": "package" }],
        "order": ["expiry", "created", "sequence"], "regions": [{ "id": "cn-hangzhou" }, { "id": "elsewhere" }],
        "apis": [{ "id": "id-card" }], "ladders": [old, new], "packages": [], "startChoice": false
    });
    let usage = ["05", "20"].map(|day| {
        json!({ "kind": "window", "start": format!("2026-01-{day}T00:00:00+08:00"), "end": format!("2026-01-{day}T23:59:59+08:00"),
                "region": "cn-hangzhou", "api": "id-card", "calls": 6000 })
    });
    json!({ "catalog": catalog, "usage": usage })
}

#[test]
fn a_new_price_goes_on_where_the_old_one_has_climbed_to() {
    // 6,000 × 0.10, then 4,000 × 0.08 and 2,000 × 0.04: 600 + 320 + 80.
    assert_eq!(estimate(&price_change("graduated"))["total"], "1000");
    // The month's 12,000 reach the second step of each: 6,000 × 0.05 + 6,000 × 0.04 = 300 + 240.
    assert_eq!(estimate(&price_change("volume"))["total"], "540");
    // A flat price before it counts, too: 6,000 × 0.10, then as above.
    let mut flat_first = price_change("graduated");
    set(&mut flat_first, "/catalog/ladders/0/shape", json!("flat"));
    set(&mut flat_first, "/catalog/ladders/0/steps", json!([{ "upTo": null, "unitPrice": "0.10" }]));
    assert_eq!(estimate(&flat_first)["total"], "1000");
}

/// Each starts at nothing: 6,000 × 0.10 + 6,000 × 0.08 = 600 + 480.
#[test]
fn what_is_no_version_starts_anew() {
    let mut a_second_between = price_change("graduated");
    set(&mut a_second_between, "/catalog/ladders/0/until", json!("2026-01-15T23:59:59+08:00"));
    let mut other_regions = price_change("graduated");
    other_regions["catalog"]["ladders"][0]["regions"] = json!(["cn-hangzhou"]);
    let mut another_reset = price_change("graduated");
    another_reset["catalog"]["ladders"][0]["reset"] = json!("never");
    let mut other_apis = price_change("graduated");
    set(&mut other_apis, "/catalog/apis", json!([{ "id": "id-card" }, { "id": "invoice" }]));
    other_apis["catalog"]["ladders"][0]["apis"] = json!(["id-card", "invoice"]);
    let mut typed_in = price_change("graduated");
    let new = typed_in["catalog"]["ladders"].as_array_mut().unwrap().pop().unwrap();
    typed_in["entered"]["ladders"] = json!([new]);
    let all = [a_second_between, other_regions, another_reset, other_apis, typed_in];
    for request in &all {
        assert_eq!(estimate(request)["total"], "1080", "{}", request["catalog"]["ladders"]);
    }
}

/// Cut on the 16th and carried on; the state names the first of the versions, and any of them is understood.
#[test]
fn a_price_with_versions_is_carried_on() {
    for shape in ["graduated", "volume"] {
        let mut second = price_change(shape);
        let middle = json!("2026-01-16T00:00:00+08:00");
        second["period"] = json!({ "start": "2026-01-01T00:00:00+08:00", "end": middle });
        let opening = estimate(&second)["closing"].clone();
        assert_eq!(opening["ladders"], json!([{ "ladder": 0, "api": "id-card", "month": "2026-01", "calls": 6000 }]));
        second["period"] = json!({ "start": middle, "end": "2026-02-01T00:00:00+08:00" });
        second["opening"] = opening;
        for named in [0, 1] {
            second["opening"]["ladders"][0]["ladder"] = json!(named);
            // 4,000 × 0.08 + 2,000 × 0.04, or 6,000 × 0.04.
            assert_eq!(estimate(&second)["total"], if shape == "volume" { "240" } else { "400" });
        }
    }
}

/// Three prices in one month: 3 × 0.5, 3 × 0.4, then 4 × 0.3 up to 10 and 2 × 0.1.
#[test]
fn three_versions_count_as_one() {
    let mut request = price_change("graduated");
    let days = ["2026-01-10T00:00:00+08:00", "2026-01-20T00:00:00+08:00"];
    let row = |prices: [&str; 2]| {
        json!({ "apis": ["id-card"], "shape": "graduated", "source": "page",
                "steps": [{ "upTo": 10, "unitPrice": prices[0] }, { "upTo": null, "unitPrice": prices[1] }] })
    };
    let mut rows = [row(["0.5", "0.4"]), row(["0.4", "0.2"]), row(["0.3", "0.1"])];
    rows[0]["until"] = json!(days[0]);
    rows[1]["from"] = json!(days[0]);
    rows[1]["until"] = json!(days[1]);
    rows[2]["from"] = json!(days[1]);
    request["catalog"]["ladders"] = json!([rows[2], rows[0], rows[1]]);
    let at = |at: &str, calls: u64| json!({ "kind": "at", "at": at, "region": "cn-hangzhou", "api": "id-card", "calls": calls });
    request["usage"] = json!([at("2026-01-09T23:59:59+08:00", 3), at(days[0], 3), at(days[1], 6)]);
    // 1.5 + 1.2 + 1.2 + 0.2
    assert_eq!(estimate(&request)["total"], "4.1");
    request["period"] = json!({ "start": "2026-01-01T00:00:00+08:00", "end": "2026-01-31T00:00:00+08:00" });
    let closing = &estimate(&request)["closing"]["ladders"];
    assert_eq!(
        *closing,
        json!([{ "ladder": 1, "api": "id-card", "month": "2026-01", "calls": 12 }]),
        "the second row is the first version"
    );
}

/// Tencent's rules: packages in the order in which they take effect, a switch, success by error code, arrears that stop everything.
fn tencent() -> Value {
    let steps = json!([{ "upTo": 10_000, "unitPrice": "0.15" }, { "upTo": null, "unitPrice": "0.10" }]);
    let package = |id: &str, price: &str, term: Value| json!({ "id": id, "apis": ["general-text"], "class": "package", "quota": 1000, "price": price, "term": term, "source": "page" });
    let free = json!({ "calls": 1000, "every": "month" });
    json!({
        "currency": "CNY", "utcOffset": "+08:00", "settlement": "month", "payPerUse": true, "payPerUseSwitch": true,
        "success": { "by": "error-code", "billed": ["FailedOperation.EmptyImageError"] },
        "overdue": { "stopAfterHours": 24, "packages": "stop" },
        "rounding": { "line": { "places": 8, "mode": "truncate" }, "bill": { "at": "month", "places": 2, "mode": "truncate" } },
        "classes": [{ "id": "free", "kind": "free" }, { "id": "package", "kind": "package" }],
        "order": ["effective", "created", "sequence"], "regions": [{ "id": "mainland" }],
        "apis": [{ "id": "general-text", "free": free }, { "id": "id-card", "free": free }],
        "ladders": [{ "apis": ["general-text", "id-card"], "shape": "volume", "steps": steps, "bound": "upTo-excluded", "source": "page" }],
        "packages": [package("long", "10", json!({ "years": 1 })), package("short", "10", json!({ "months": 1 }))],
        "startChoice": false
    })
}

fn window(api: &str, from: &str, to: &str, calls: u64) -> Value {
    let day = |day: &str| format!("2026-{day}T00:00:00+08:00");
    json!({ "kind": "window", "start": day(from), "end": day(to), "region": "mainland", "api": api, "calls": calls })
}

/// Long pays 600 in January and 400 in February; short ends on 2 February with its 1,000 unused; 200 × 0.15; 10 + 10 + 30.
#[test]
fn what_takes_effect_first_pays_first() {
    let buy =
        |package: &str, day: &str| json!({ "package": package, "region": "mainland", "created": format!("2026-01-{day}T09:00:00+08:00") });
    let usage = [window("general-text", "01-05", "01-06", 1600), window("general-text", "02-05", "02-06", 1600)];
    let mut request = json!({ "catalog": tencent(), "grants": [buy("long", "01"), buy("short", "02")], "usage": usage });
    assert_eq!(estimate(&request)["total"], "50");
    assert_eq!(estimate(&request)["grants"][1]["expired"], 1000);
    // By the nearest expiry, short pays January's 600, and long 600 in February: 10 + 10.
    set(&mut request, "/catalog/order", json!(["expiry", "created", "sequence"]));
    assert_eq!(estimate(&request)["total"], "20");
}

#[test]
fn pay_per_use_off_refuses_what_nothing_covers() {
    let mut request = json!({ "catalog": tencent(), "usage": [window("id-card", "01-05", "01-25", 1500)] });
    for (switch, total, rejected) in [(json!(null), "75", 0), (json!(true), "75", 0), (json!(false), "0", 500)] {
        request["payPerUse"] = switch;
        let answer = estimate(&request);
        assert_eq!((&answer["total"], &answer["calls"]["rejected"]), (&json!(total), &json!(rejected)));
        assert_eq!(answer["calls"]["free"], 1000);
    }
    let refused = json!([{ "code": "pay_per_use_off", "api": "id-card", "region": "mainland", "calls": 500 }]);
    assert_eq!(estimate(&request)["refused"], refused);
}

/// 1,000 of 1,200 are free, 200 × 0.15 = 30 are due on 1 February with 10 there: on 2 February everything stops.
fn arrears() -> Value {
    json!({
        "catalog": tencent(), "account": { "balance": "10" },
        "grants": [{ "package": "long", "region": "mainland", "created": "2025-12-20T09:00:00+08:00" }],
        "usage": [window("id-card", "01-05", "01-25", 1200), window("general-text", "02-05", "02-25", 2000)],
        "period": { "start": "2026-01-01T00:00:00+08:00", "end": "2026-03-01T00:00:00+08:00" }
    })
}

fn states(history: &Value, of: &str) -> Vec<String> {
    let rows = history["states"].as_array().unwrap().iter().filter(|row| row["of"] == of);
    rows.map(|row| format!("{} {}", row["state"].as_str().unwrap(), &row["start"].as_str().unwrap()[5..19])).collect()
}

#[test]
fn while_it_is_stopped_packages_pause() {
    let told = history(&arrears());
    let refused = json!([{ "code": "stopped", "api": "general-text", "region": "mainland", "calls": 2000 }]);
    assert_eq!(told["estimate"]["refused"], refused);
    assert_eq!((&told["estimate"]["grants"][0]["left"], &told["closing"]["balance"]), (&json!(1000), &json!("-20")));
    assert_eq!(states(&told, "pay-per-use"), ["active 01-01T00:00:00", "grace 02-01T00:00:00", "stopped 02-02T00:00:00"]);
    // Where packages go on, 1,000 are free and 1,000 the package's.
    let mut request = arrears();
    set(&mut request, "/catalog/overdue/packages", json!("go-on"));
    let told = history(&request);
    assert_eq!((&told["estimate"]["calls"]["rejected"], &told["estimate"]["grants"][0]["left"]), (&json!(0), &json!(0)));
}

#[test]
fn it_stops_at_the_second_and_goes_on_once_paid() {
    let at =
        |at: &str| json!({ "kind": "at", "at": format!("2026-02-{at}+08:00"), "region": "mainland", "api": "general-text", "calls": 1 });
    let mut request = arrears();
    request["usage"].as_array_mut().unwrap().truncate(1);
    for second in ["01T23:59:59", "02T00:00:00", "09T23:59:59", "10T00:00:00"] {
        request["usage"].as_array_mut().unwrap().push(at(second));
    }
    let rejected = |request: &Value| history(request)["estimate"]["calls"]["rejected"].clone();
    assert_eq!(rejected(&request), 3);
    for (paid, amount, refused) in [
        ("10T00:00:00", "20", 3),
        ("10T00:00:00", "20.01", 2),
        ("02T00:00:01", "20.01", 1),
        ("02T00:00:00", "20.01", 0),
        ("01T23:59:59", "20.01", 0),
    ] {
        request["account"]["topUps"] = json!([{ "at": format!("2026-02-{paid}+08:00"), "amount": amount }]);
        assert_eq!(rejected(&request), refused, "{amount} on {paid}");
    }
    set(&mut request, "/catalog/overdue/stopAfterHours", json!(0));
    request["account"].as_object_mut().unwrap().remove("topUps");
    assert_eq!(rejected(&request), 4);
}

/// Two successes, and of four errors the one that the list of billed codes names.
#[test]
fn three_of_six_count() {
    let codes = [
        json!(null),
        json!(""),
        json!("FailedOperation.ImageNoText"),
        json!("RequestLimitExceeded"),
        json!("AuthFailure.SignatureFailure"),
        json!("FailedOperation.EmptyImageError"),
    ];
    let row = |(second, code): (usize, &Value)| {
        json!({ "kind": "at", "at": format!("2026-02-05T10:00:0{second}+08:00"), "region": "mainland", "api": "general-text",
                "status": 200, "errorCode": code, "calls": 1 })
    };
    let mut request = json!({ "catalog": tencent(), "usage": codes.iter().enumerate().map(row).collect::<Vec<_>>() });
    let counted = |request: &Value| {
        let calls = &estimate(request)["calls"];
        (calls["counted"].clone(), calls["notCounted"].clone())
    };
    assert_eq!(counted(&request), (json!(3), json!(3)));
    // 0 is no error; what was not processed does not count, whatever its code; codes are compared exactly.
    set(&mut request, "/usage/2/errorCode", json!("0"));
    assert_eq!(counted(&request), (json!(4), json!(2)));
    set(&mut request, "/usage/5/status", json!(500));
    assert_eq!(counted(&request), (json!(3), json!(3)));
    set(&mut request, "/usage/5/status", json!(200));
    set(&mut request, "/usage/5/errorCode", json!("failedoperation.emptyimageerror"));
    assert_eq!(counted(&request), (json!(3), json!(3)));
}

/// Where a catalog has no code of a provider's, the code is our own.
#[test]
fn what_is_not_open_is_refused_with_the_catalogs_code() {
    let mut request = json!({ "catalog": tencent(), "subscriptions": [], "usage": [window("id-card", "01-05", "01-25", 3)] });
    assert_eq!(estimate(&request)["refused"][0]["code"], "not_open");
    request["catalog"]["notOpenCode"] = json!("Own.Code");
    assert_eq!(estimate(&request)["refused"][0]["code"], "Own.Code");
}
