//! What only the boundary to JavaScript can get wrong. Run by wasm-pack in a headless browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, JSON, Object, Reflect};
use ocr_pricing::wasm::{Replay, compare, estimate, exported, lint};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

const HUAWEI: &str = include_str!("../www/catalogs/huawei-cn.json");

/// The published example: 5,000 calls, then a package of 100,000 for as many calls within its year.
fn request() -> JsValue {
    let text = r#"{
        "usage": [
            { "kind": "window", "start": "2023-03-18T15:30:00+08:00", "end": "2023-03-20T10:30:00+08:00",
              "region": "cn-north-4", "api": "general-text", "calls": 5000 },
            { "kind": "window", "start": "2023-03-20T10:30:00+08:00", "end": "2024-03-21T00:00:00+08:00",
              "region": "cn-north-4", "api": "general-text", "calls": 100000 }
        ],
        "grants": [{ "package": "general-text-100k", "region": "cn-north-4", "created": "2023-03-20T10:30:00+08:00" }]
    }"#;
    let request = JSON::parse(text).unwrap();
    set(&request, "catalog", &JSON::parse(HUAWEI).unwrap());
    request
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).unwrap();
}

fn get(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |object, key| Reflect::get(&object, &key.into()).unwrap())
}

fn has(object: &JsValue, key: &str) -> bool {
    Reflect::has(object, &key.into()).unwrap()
}

fn thrown(request: JsValue) -> (String, String) {
    let error = estimate(request).expect_err("this request is wrong");
    (get(&error, "code").as_string().unwrap(), get(&error, "place").as_string().unwrap())
}

#[wasm_bindgen_test]
fn decimals_are_strings_counts_are_numbers_instants_are_strings() {
    let answer = estimate(request()).unwrap();
    assert_eq!(get(&answer, "total"), "3600");
    assert_eq!(get(&answer, "calls.counted"), 105_000);
    assert_eq!(get(&answer, "grants.0.end"), "2024-03-21T00:00:00+08:00");
    assert_eq!(get(&answer, "calls.byClass.package"), 100_000);
}

#[wasm_bindgen_test]
fn what_is_optional_is_absent_and_what_is_unknown_is_null() {
    let request = request();
    set(&get(&request, "usage.0"), "api", &"id-card".into());
    let answer = estimate(request).unwrap();
    assert!(get(&answer, "total").is_null());
    assert!(!has(&answer, "draws"));
    assert!(!has(&get(&answer, "lines.0"), "project"));
}

#[wasm_bindgen_test]
fn undefined_is_left_out() {
    let request = request();
    set(&get(&request, "grants.0"), "effective", &JsValue::UNDEFINED);
    set(&request, "period", &JsValue::NULL);
    assert_eq!(get(&estimate(request).unwrap(), "total"), "3600");
}

#[wasm_bindgen_test]
fn every_kind_of_wrong_value_is_refused_with_its_place() {
    let calls = |value: JsValue| {
        let request = request();
        set(&get(&request, "usage.1"), "calls", &value);
        thrown(request)
    };
    let place = "request.usage[1].calls".to_string();
    for (value, code) in [
        (JsValue::from(-1), "count_negative"),
        (JsValue::from(0.5), "count_fractional"),
        (JsValue::from(9_007_199_254_740_992.0), "count_too_large"),
        (JsValue::from(f64::INFINITY), "count_too_large"),
        (JsValue::from(f64::NAN), "invalid_type"),
        (JsValue::from("5000"), "invalid_type"),
        (JsValue::from(true), "invalid_type"),
        (JsValue::bigint_from_str("5"), "invalid_type"),
        (JsValue::symbol(None), "invalid_type"),
        (Function::new_no_args("").into(), "invalid_type"),
        (Object::new().into(), "invalid_type"),
        (js_sys::Array::new().into(), "invalid_type"),
    ] {
        assert_eq!(calls(value), (code.to_string(), place.clone()));
    }
}

#[wasm_bindgen_test]
fn a_number_for_money_and_a_misspelt_field_are_refused() {
    let request_with_price = request();
    set(&get(&request_with_price, "grants.0"), "price", &JsValue::from(3200));
    assert_eq!(thrown(request_with_price), ("decimal_as_number".into(), "request.grants[0].price".into()));
    let misspelt = request();
    set(&get(&misspelt, "usage.0"), "regoin", &"cn-north-4".into());
    assert_eq!(thrown(misspelt), ("unknown_field".into(), "request.usage[0].regoin".into()));
}

#[wasm_bindgen_test]
fn prototypes_are_no_way_in() {
    let request = JSON::parse(r#"{ "__proto__": { "usage": [] }, "catalog": {} }"#).unwrap();
    assert_eq!(thrown(request), ("unknown_field".into(), "request.__proto__".into()));
    let inherits = Function::new_with_args("parent", "return Object.create(parent)");
    let inherited = inherits.call1(&JsValue::NULL, &self::request()).unwrap();
    assert_eq!(thrown(inherited), ("missing_field".into(), "catalog".into()));
}

#[wasm_bindgen_test]
fn what_is_no_plain_data_ends_in_an_error() {
    let circle = request();
    set(&circle, "entered", &circle);
    assert_eq!(thrown(circle).0, "invalid_type");
    for value in [JsValue::UNDEFINED, JsValue::NULL, JsValue::from("{}"), js_sys::Array::new().into()] {
        assert_eq!(thrown(value), ("invalid_type".into(), "request".into()));
    }
}

#[wasm_bindgen_test]
fn the_engine_answers_the_same_after_an_error() {
    let request_twice = request();
    assert!(estimate(JsValue::NULL).is_err());
    assert_eq!(get(&estimate(request_twice).unwrap(), "total"), "3600");
}

#[wasm_bindgen_test]
fn compare_and_lint_cross_the_boundary_too() {
    let answer = compare(request()).unwrap();
    // 105,000 × 0.08 = 8,400 against 3,600
    assert_eq!(get(&answer, "saving"), "4800");
    assert_eq!(get(&answer, "packagesWin.0.from"), 42_001);
    assert!(get(&answer, "packagesWin.0.upTo").is_null());
    let problems = lint(JSON::parse(HUAWEI).unwrap(), JsValue::UNDEFINED).unwrap();
    // The guide is more than a year older than the day of the check, and the smallest package never pays.
    assert_eq!((get(&problems, "0.code"), get(&problems, "1.code")), ("price_old".into(), "never_pays".into()));
    assert_eq!(get(&problems, "length"), 2);
    let on = Object::new();
    set(&on, "on", &"2025-12-01".into());
    assert_eq!(get(&lint(JSON::parse(HUAWEI).unwrap(), on.into()).unwrap(), "length"), 1);
}

#[wasm_bindgen_test]
fn a_log_crosses_the_boundary_as_bytes_and_its_ranges_as_numbers() {
    let mut replay = Replay::new(request()).map_err(|_| "the request is sound").unwrap();
    let log = b"time,api,region\n2023-03-20T10:29:59+08:00,general-text,cn-north-4\n2023-03-20T10:30:00+08:00,general-text,cn-north-4\n";
    assert!(replay.head().unwrap().is_null());
    assert_eq!(get(&replay.push(log).unwrap(), "rows"), 2);
    assert_eq!(get(&replay.head().unwrap(), "columns.at"), 0);
    // The package is bought within the hour: the hour is read again, from the first row (after 16 bytes of titles) to the end.
    let answer = replay.finish().unwrap();
    assert_eq!((get(&answer, "ranges.0.from"), get(&answer, "ranges.0.to")), (16.into(), (log.len() as u32).into()));
    for (offset, code) in [
        (JsValue::from(f64::INFINITY), "count_too_large"),
        (JsValue::from(f64::NAN), "invalid_type"),
        (JsValue::NULL, "invalid_type"),
        (JsValue::from(-1), "count_negative"),
        (JsValue::from(0.5), "count_fractional"),
        (JsValue::from(log.len() as u32 + 1), "invalid_value"),
    ] {
        let error = replay.seek(offset).expect_err("no row starts there");
        assert_eq!((get(&error, "code"), get(&error, "place")), (code.into(), "offset".into()));
    }
    replay.seek(16.into()).unwrap();
    replay.push(&log[16..]).unwrap();
    let answer = replay.finish().unwrap();
    assert_eq!(get(&answer, "refine.length"), 0);
    // 3,200 and one call before the package.
    assert_eq!(get(&answer, "estimate.total"), "3200.08");
    let mut empty = Replay::new(request()).map_err(|_| "the request is sound").unwrap();
    assert_eq!(get(&empty.finish().unwrap_err(), "code"), "log_empty");
}

#[wasm_bindgen_test]
fn files_cross_the_boundary_as_text_and_an_unknown_one_is_refused() {
    let bill = exported(request(), "bill-csv".into()).unwrap().as_string().unwrap();
    assert_eq!(bill.lines().count(), 3, "a header, the package, the calls before it");
    let same = JSON::stringify(&estimate(request()).unwrap()).unwrap();
    assert_eq!(exported(request(), "json".into()).unwrap(), JsValue::from(same));
    let error = exported(request(), "bill".into()).expect_err("there is no such file");
    assert_eq!((get(&error, "code"), get(&error, "place")), ("invalid_value".into(), "what".into()));
    assert_eq!(get(&exported(JsValue::NULL, "json".into()).unwrap_err(), "place"), "request");
    assert_eq!(get(&exported(request(), JsValue::UNDEFINED).unwrap_err(), "code"), "invalid_type");
}
