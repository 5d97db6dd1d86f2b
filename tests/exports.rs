//! Files say what the answer says: golden files byte for byte (`UPDATE=1 cargo test --test exports` writes them anew), sums, formulas.
//! `FOCUS_OUT=folder` writes the FOCUS file of every published and golden example there, for a validator.
#![cfg(not(target_arch = "wasm32"))]

mod shop;

use ocr_pricing::{What, exported};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use shop::{list, units};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FILES: [(&str, What); 4] =
    [("bill", What::BillCsv), ("ledger", What::LedgerCsv), ("causes", What::CausesCsv), ("focus", What::FocusCsv)];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A row by the names of its columns.
type Row = BTreeMap<String, String>;

/// Reads a file as RFC 4180 has it; anything else is a failure.
fn rows(text: &str) -> Vec<Row> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(it) = chars.next() {
        match it {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' if quoted => {
                quoted = false;
                assert!(matches!(chars.peek(), Some(',' | '\r')), "after a closing quote: {:?}", chars.peek());
            }
            _ if quoted => field.push(it),
            '"' => {
                assert!(field.is_empty(), "a quote within {field}");
                quoted = true;
            }
            ',' => record.push(std::mem::take(&mut field)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'), "CR without LF");
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            _ => {
                assert_ne!(it, '\n', "LF without CR");
                field.push(it);
            }
        }
    }
    assert!(record.is_empty() && field.is_empty() && !quoted, "the last row is not ended");
    let header = records.remove(0);
    let row = |record: Vec<String>| {
        assert_eq!(record.len(), header.len());
        header.iter().cloned().zip(record).collect()
    };
    records.into_iter().map(row).collect()
}

fn file(request: &Json, what: What) -> Result<String, (String, String)> {
    let value: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    exported(&value, what).map_err(|error| (error.code().name().to_string(), error.place().to_string()))
}

fn estimate(request: &Json) -> Json {
    let value: ocr_pricing::Value = serde_json::from_value(request.clone()).unwrap();
    serde_json::to_value(ocr_pricing::estimate(&value).unwrap_or_else(|error| panic!("{error}: {request}"))).unwrap()
}

/// A cell as an exact decimal, in units of 10⁻¹³.
fn amount(row: &Row, column: &str) -> i128 {
    let cell = &row[column];
    let (sign, digits) = cell.strip_prefix('-').map_or((1, cell.as_str()), |digits| (-1, digits));
    sign * units(&json!(digits))
}

fn sum(rows: &[Row], column: &str) -> i128 {
    rows.iter().map(|row| amount(row, column)).sum()
}

fn where_is(rows: &[Row], column: &str, value: &str) -> Vec<Row> {
    rows.iter().filter(|row| row[column] == value).cloned().collect()
}

fn nulls(value: &mut Json) {
    match value {
        Json::String(text) if text == "~null~" => *value = Json::Null,
        Json::Array(items) => items.iter_mut().for_each(nulls),
        Json::Object(fields) => fields.values_mut().for_each(nulls),
        _ => {}
    }
}

fn toml_file(path: &Path) -> Json {
    let mut file: Json = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    nulls(&mut file);
    file
}

/// The request of a case, with its catalog.
fn request(case: &Json) -> Json {
    let name = case["catalog"].as_str().unwrap();
    let paths = [tests().join(format!("../www/catalogs/{name}.json")), tests().join(format!("catalogs/{name}.json"))];
    let catalog = fs::read_to_string(paths.iter().find(|path| path.exists()).unwrap()).unwrap();
    let mut request = case["request"].clone();
    request["catalog"] = serde_json::from_str(&catalog).unwrap();
    request
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(tests().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    paths.sort();
    assert!(paths.len() > 5, "{folder} was not found");
    paths
}

#[test]
fn golden_files_are_the_same_byte_for_byte() {
    let mut compared = 0;
    for path in files_in("golden") {
        let case = toml_file(&path);
        let request = request(&case);
        for name in list(&case, "files") {
            let (name, what) = FILES.into_iter().find(|(it, _)| name == it).unwrap();
            let golden = path.with_extension(format!("{name}.csv"));
            let text = file(&request, what).unwrap_or_else(|error| panic!("{}: {error:?}", golden.display()));
            if env::var_os("UPDATE").is_some() {
                fs::write(&golden, &text).unwrap();
            }
            assert_eq!(fs::read_to_string(&golden).unwrap_or_default(), text, "{}", golden.display());
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared} files");
}

/// The sums of every file are those of the answer, and every FOCUS row is the product that it says.
fn agrees(request: &Json) {
    let answer = estimate(request);
    let (total, pay_per_use, off) = (units(&answer["total"]), units(&answer["payPerUse"]), signed(&answer["roundedOff"]));

    let bill = rows(&file(request, What::BillCsv).unwrap());
    assert_eq!((sum(&bill, "charged"), sum(&bill, "roundedOff"), sum(&bill, "amount")), (total, off, total + off), "bill");
    let ledger = rows(&file(request, What::LedgerCsv).unwrap());
    let of = |kind: &str| where_is(&ledger, "kind", kind);
    assert_eq!(sum(&[of("purchase"), of("charge")].concat(), "amount"), total + off, "ledger");
    let calls = |rows: &[Row]| rows.iter().map(|row| row["calls"].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(calls(&of("draw")) + calls(&of("charge")), answer["calls"]["counted"].as_u64().unwrap(), "ledger");
    assert!(ledger.is_sorted_by_key(|row| row["from"].clone()), "the ledger is in order");
    let causes = rows(&file(request, What::CausesCsv).unwrap());
    assert_eq!((sum(&causes, "amount"), calls(&causes)), (pay_per_use + off, answer["calls"]["payPerUse"].as_u64().unwrap()), "causes");
    let zone = request["catalog"]["utcOffset"].as_str().unwrap();
    focus_agrees(&answer, zone, &rows(&file(request, What::FocusCsv).unwrap()));
}

/// An amount that may be negative.
fn signed(amount: &Json) -> i128 {
    match amount.as_str().unwrap().strip_prefix('-') {
        Some(digits) => -units(&json!(digits)),
        None => units(amount),
    }
}

fn focus_agrees(answer: &Json, zone: &str, focus: &[Row]) {
    assert_eq!(sum(focus, "BilledCost"), units(&answer["total"]));
    let bought = where_is(focus, "ChargeCategory", "Purchase");
    assert_eq!(sum(&bought, "BilledCost"), units(&answer["packages"]));
    assert_eq!(sum(&bought, "EffectiveCost"), 0);
    let charged: Vec<Row> = focus.iter().filter(|row| !row["x_Cause"].is_empty()).cloned().collect();
    assert_eq!((sum(&charged, "BilledCost"), sum(&charged, "EffectiveCost")), (units(&answer["payPerUse"]), units(&answer["payPerUse"])));
    for month in list(answer, "months") {
        let start = utc_month(month["month"].as_str().unwrap(), zone);
        assert_eq!(sum(&where_is(focus, "BillingPeriodStart", &start), "BilledCost"), units(&month["total"]), "{start}");
    }
    let consumed: Vec<Row> = focus.iter().filter(|row| !row["ConsumedQuantity"].is_empty()).cloned().collect();
    assert_eq!(sum(&consumed, "ConsumedQuantity"), i128::from(answer["calls"]["counted"].as_u64().unwrap()) * 10_i128.pow(13));
    let mut parents = BTreeMap::new();
    for row in focus {
        follows_the_rules(row);
        assert_eq!(parents.entry(&row["SkuPriceId"]).or_insert(&row["SkuId"]), &&row["SkuId"], "SkuPriceId-C-008-M");
        for (price, cost) in [("ListUnitPrice", "ListCost"), ("ContractedUnitPrice", "ContractedCost")] {
            match row[price].as_str() {
                "" => assert_eq!(row[cost], row["BilledCost"], "{row:?}"),
                _ => assert_eq!(amount(row, price) * amount(row, "PricingQuantity"), amount(row, cost) * 10_i128.pow(13), "{row:?}"),
            }
        }
    }
    let end = answer["period"]["end"].as_str().unwrap();
    for grant in list(answer, "grants") {
        let id = grant["id"].as_str().unwrap();
        let id = if id.starts_with('=') { format!("'{id}") } else { id.to_string() };
        let rows = where_is(focus, "CommitmentDiscountId", &id);
        let of = |status: &str| where_is(&rows, "CommitmentDiscountStatus", status);
        let (used, unused) = (of("Used"), of("Unused"));
        let quantity = |rows: &[Row]| sum(rows, "CommitmentDiscountQuantity") / 10_i128.pow(13);
        assert_eq!(sum(&used, "BilledCost") + sum(&unused, "BilledCost"), 0);
        if !grant["paidBefore"].as_bool().unwrap_or_default() && grant["end"].as_str().unwrap() <= end {
            assert_eq!(sum(&used, "EffectiveCost") + sum(&unused, "EffectiveCost"), sum(&rows, "BilledCost"), "{grant}");
            assert_eq!(sum(&rows, "BilledCost"), units(&grant["price"]));
            assert_eq!(quantity(&used), i128::from(grant["used"].as_u64().unwrap()));
            assert_eq!(quantity(&unused), i128::from(grant["expired"].as_u64().unwrap()));
        }
    }
}

/// Rules of the specification, version 1.2, about single rows: by their ids in its rule model, and by their sentences, because the
/// checks that the model has for CommitmentDiscountStatus, ResourceType and InvoiceId say something else.
fn follows_the_rules(row: &Row) {
    let (has, is) = (|column: &str| !row[column].is_empty(), |column: &str, value: &str| row[column] == value);
    let decimals = [
        ("BilledCost", true),
        ("EffectiveCost", true),
        ("ListCost", true),
        ("ContractedCost", true),
        ("PricingQuantity", true),
        ("ListUnitPrice", false),
        ("ContractedUnitPrice", false),
        ("ConsumedQuantity", false),
        ("CommitmentDiscountQuantity", false),
    ];
    for (column, required) in decimals {
        let (whole, fraction) = row[column].split_once('.').unwrap_or(("", ""));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        assert!(digits(whole) && digits(fraction) || !required && !has(column), "NumericFormat: {column} {}", row[column]);
    }
    for period in ["BillingPeriod", "ChargePeriod"] {
        let [start, end] = ["Start", "End"].map(|edge| row[&format!("{period}{edge}")].as_str());
        for at in [start, end] {
            assert!(at.len() == 20 && at.ends_with('Z') && at.as_bytes()[10] == b'T', "DateTimeFormat: {at}");
        }
        assert!(start < end, "{period}: {row:?}");
    }
    let required = "BillingAccountId BillingCurrency ChargeDescription ChargeFrequency InvoiceIssuerName PricingCategory PricingUnit ProviderName \
        PublisherName RegionId RegionName ServiceName SkuId SkuMeter SkuPriceId";
    for column in required.split_whitespace() {
        assert!(has(column), "{column} is empty");
    }
    for column in ["BillingAccountName", "ChargeClass", "InvoiceId", "SkuPriceDetails"] {
        assert!(!has(column), "{column} is not known");
    }
    assert!(is("ServiceCategory", "AI and Machine Learning") && is("ServiceSubcategory", "Other (AI and Machine Learning)"));
    let (purchase, commitment, unused) =
        (is("ChargeCategory", "Purchase"), has("CommitmentDiscountId"), is("CommitmentDiscountStatus", "Unused"));
    assert!(purchase || is("ChargeCategory", "Usage"), "ChargeCategory-C-003-M");
    assert_eq!(row["ChargeFrequency"], if purchase { "One-Time" } else { "Usage-Based" }, "ChargeFrequency-C-004-C");
    assert_eq!(row["PricingCategory"], if commitment && !purchase { "Committed" } else { "Standard" }, "PricingCategory-C-007-M");
    assert_eq!(has("ConsumedQuantity"), !purchase && !unused, "ConsumedQuantity-C-004-C, -C-006-C");
    assert_eq!(has("ConsumedUnit"), has("ConsumedQuantity"), "ConsumedUnit-C-005-C, -C-006-C");
    for column in ["Category", "Name", "Quantity", "Type", "Unit"] {
        assert_eq!(has(&format!("CommitmentDiscount{column}")), commitment, "CommitmentDiscount{column}");
    }
    assert_eq!(has("CommitmentDiscountStatus"), commitment && !purchase, "CommitmentDiscountStatus-C-003-C, -C-004-C");
    assert!(!has("CommitmentDiscountStatus") || unused || is("CommitmentDiscountStatus", "Used"), "CommitmentDiscountStatus-C-005-M");
    assert_eq!(has("ResourceId"), purchase || unused, "DiscountHandling: a package is a resource, a call is none");
    assert_eq!(has("ResourceType"), has("ResourceId"), "ResourceType-C-004-C, -C-005-C");
    if commitment && !purchase {
        assert_eq!(amount(row, "BilledCost"), 0, "DiscountHandling");
    }
    if purchase {
        assert_eq!(amount(row, "EffectiveCost"), 0, "EffectiveCost-C-005-C");
    }
}

#[test]
fn our_own_columns_stand_after_those_of_focus() {
    let columns = ocr_pricing::focus::COLUMNS;
    let own = columns.iter().position(|column| column.starts_with("x_")).unwrap();
    assert!(columns[..own].is_sorted() && columns[own..].is_sorted() && columns[own..].iter().all(|column| column.starts_with("x_")));
}

/// The start of a month in UTC: of `2026-01` in UTC+8, 16:00 on the last day before it.
fn utc_month(month: &str, zone: &str) -> String {
    if let Some(hours) = zone.strip_prefix('-') {
        return format!("{month}-01T{hours}:00Z");
    }
    assert_eq!(zone, "+08:00");
    let (year, month) = month.split_once('-').unwrap();
    let (year, month): (u32, usize) = (year.parse().unwrap(), month.parse().unwrap());
    let (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
    let february = if year % 4 == 0 { 29 } else { 28 };
    let days = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
    format!("{year:04}-{month:02}-{days:02}T16:00:00Z")
}

#[test]
fn every_file_of_every_published_example_has_the_sums_of_its_answer() {
    let (mut priced, mut unpriced) = (0, 0);
    for path in files_in("cases/published").iter().chain(&files_in("golden")) {
        let document = toml_file(path);
        let cases = document.get("case").and_then(Json::as_array).cloned().unwrap_or_else(|| vec![document.clone()]);
        for case in cases.iter().filter(|case| case["call"] != "qps" && case["call"] != "account") {
            let request = request(case);
            let answer = estimate(&request);
            if answer["total"].is_null() {
                let place = answer["unpriced"][0]["place"].as_str().unwrap().to_string();
                assert_eq!(file(&request, What::FocusCsv).unwrap_err(), ("no_published_price".to_string(), place));
                unpriced += 1;
            } else {
                agrees(&request);
                priced += 1;
                if let Some(folder) = env::var_os("FOCUS_OUT") {
                    let name = format!("{}-{priced}.csv", path.file_stem().unwrap().display());
                    fs::write(Path::new(&folder).join(name), file(&request, What::FocusCsv).unwrap()).unwrap();
                }
            }
        }
    }
    println!("{priced} priced, {unpriced} without a price");
    assert!(priced >= 20, "{priced} examples");
}

#[test]
fn what_is_not_known_is_empty_in_the_other_files() {
    let usage = json!([{ "kind": "months", "from": "2026-01", "region": "ap-southeast-1", "api": "general-table", "monthly": [10] }]);
    let request = request(&json!({ "catalog": "huawei-intl", "request": { "usage": usage } }));
    let bill = rows(&file(&request, What::BillCsv).unwrap());
    assert!(bill.iter().all(|row| row["amount"].is_empty() && row["charged"].is_empty() && row["roundedOff"].is_empty()), "{bill:?}");
    assert!(rows(&file(&request, What::LedgerCsv).unwrap()).iter().all(|row| row["amount"].is_empty()));
    assert!(rows(&file(&request, What::CausesCsv).unwrap()).iter().all(|row| row["amount"].is_empty()));
}

/// What a package bought earlier without a known price pays has no known cost, although the total is known.
#[test]
fn a_package_without_a_price_has_no_place_in_focus_even_if_it_was_paid_before() {
    let mut case = toml_file(&tests().join("golden/hostile.toml"));
    case["request"]["period"]["start"] = json!("2026-01-05T00:00:00+08:00");
    let mut request = request(&case);
    request["catalog"]["packages"][0]["price"] = Json::Null;
    assert_eq!(units(&estimate(&request)["total"]), units(&json!("1.5")), "ten days for 1, five calls × 0.1");
    assert_eq!(file(&request, What::FocusCsv).unwrap_err(), ("no_published_price".to_string(), "request.grants[0].price".to_string()));
}

#[test]
fn no_cell_is_run_as_a_formula_and_numbers_stay_numbers() {
    let mut case = toml_file(&tests().join("golden/hostile.toml"));
    let dangerous = ["=1", "+1", "-1", "@1", "\t1", "\r1", "\n1", "＝1", "＋1", "－1", "＠1", "=cmd|' /C calc'!A0", "-2+3"];
    for project in dangerous {
        for row in case["request"]["usage"].as_array_mut().unwrap() {
            row["project"] = json!(project);
        }
        for (name, what) in FILES {
            let text = file(&request(&case), what).unwrap();
            let column = if name == "focus" { "x_Project" } else { "project" };
            let found = rows(&text).into_iter().filter(|row| row[column] == format!("'{project}")).count();
            assert!(found > 0, "{name}: {project:?} is led by an apostrophe");
            assert!(text.contains(&format!("\"'{project}\"")), "{name}: {project:?} is quoted");
            for (column, cell) in rows(&text).into_iter().flatten() {
                assert!(!cell.starts_with(['=', '+', '@', '\t', '\r', '\n', '-']), "{name}: {column} is {cell:?}");
            }
        }
    }
    // 1 × 0.0375 = 0.0375, half up 0.04: 0.0025 more than it was.
    let ladder =
        json!({ "apis": ["general-table"], "shape": "flat", "steps": [{ "upTo": null, "unitPrice": "0.0375" }], "source": "typed in" });
    let usage =
        json!([{ "kind": "at", "at": "2026-01-05T10:10:00+08:00", "region": "ap-southeast-1", "api": "general-table", "calls": 1 }]);
    let rounded = request(&json!({ "catalog": "huawei-intl", "request": { "usage": usage, "entered": { "ladders": [ladder] } } }));
    let bill = file(&rounded, What::BillCsv).unwrap();
    assert!(bill.contains(",0,0.0025,-0.0025,"), "a negative number is neither quoted nor led: {bill}");
}

#[test]
fn texts_come_back_as_they_were() {
    let mut case = toml_file(&tests().join("golden/hostile.toml"));
    for project in ["a,b", "a\"b", "\"", "a\r\nb", "a;b", "a\tb", " a ", "文字识别", "'a", "😀"] {
        for row in case["request"]["usage"].as_array_mut().unwrap() {
            row["project"] = json!(project);
        }
        for (name, what) in FILES {
            let column = if name == "focus" { "x_Project" } else { "project" };
            let found = rows(&file(&request(&case), what).unwrap());
            assert!(found.iter().any(|row| row[column] == project), "{name}: {project:?}");
        }
    }
}

#[test]
fn a_ledger_and_the_rest_ask_for_the_detail_that_they_need() {
    let mut case = toml_file(&tests().join("golden/huawei-intl.toml"));
    let all = |case: &Json| FILES.map(|(_, what)| file(&request(case), what).unwrap());
    let by_draw = all(&case);
    for detail in ["cycle", "month"] {
        case["request"]["detail"] = json!(detail);
        let files = all(&case);
        assert_eq!(files[1], by_draw[1], "the ledger is the same whatever detail was asked for");
        assert_eq!(files[0] == by_draw[0], detail == "cycle", "the bill is as fine as was asked for");
        agrees(&request(&case));
    }
}

/// A replayed log gives the files of its answer; its ledger only where every second was counted.
#[test]
fn a_replay_gives_the_files_of_its_answer() {
    let mut case = toml_file(&tests().join("golden/huawei-intl.toml"));
    for detail in ["month", "cycle", "draw"] {
        case["request"]["detail"] = json!(detail);
        let asked = request(&case);
        let mut log = "time,region,api,calls\n".to_string();
        for row in list(&asked, "usage") {
            let of = |name: &str| row[name].to_string().replace('"', "");
            log += &format!("{},{},{},{}\n", of("at"), of("region"), of("api"), of("calls"));
        }
        let mut of_log = asked.clone();
        of_log.as_object_mut().unwrap().remove("usage");
        let value: ocr_pricing::Value = serde_json::from_value(of_log).unwrap();
        let mut replay = ocr_pricing::Replay::new(&value).unwrap();
        assert_eq!(replay.export(What::BillCsv).unwrap_err().code().name(), "log_empty");
        replay.push(log.as_bytes()).unwrap();
        assert_eq!((replay.finish().unwrap().rows, replay.finish().unwrap().refine.len()), (3, 0));
        for (name, what) in FILES {
            let found = replay.export(what).map_err(|error| (error.code().name().to_string(), error.place().to_string()));
            if name == "ledger" && detail != "draw" {
                assert_eq!(found.unwrap_err(), ("missing_field".to_string(), "request.detail".to_string()));
            } else {
                assert_eq!(found, file(&asked, what), "{name} by {detail}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_file_has_the_sums_of_its_answer(question in shop::question(), detail in prop::sample::select(vec!["month", "cycle", "draw"]), long in any::<bool>()) {
        let mut question = question;
        question["detail"] = json!(detail);
        if long {
            // So long that every package has ended.
            question["period"]["end"] = json!("2027-06-01T00:00:00+08:00");
        }
        agrees(&question);
    }

    #[test]
    fn two_halves_cost_what_the_whole_costs(question in shop::question(), cut in prop::sample::select(vec!["2026-02-01", "2026-03-01"])) {
        let cut = json!(format!("{cut}T00:00:00+08:00"));
        let (mut first, mut second) = (question.clone(), question.clone());
        first["period"]["end"] = cut.clone();
        second["period"]["start"] = cut;
        second["opening"] = estimate(&first)["closing"].clone();
        let of = |request: &Json| rows(&file(request, What::FocusCsv).unwrap());
        let mut halves = [of(&first), of(&second)].concat();
        let mut whole = of(&question);
        for rows in [&mut halves, &mut whole] {
            rows.sort();
        }
        prop_assert_eq!(halves, whole);
    }
}

/// Guards the reader above: it must be able to fail.
#[test]
fn the_reader_of_these_tests_refuses_what_is_no_csv() {
    for text in ["a\nb\n", "a\r\nb", "a,b\r\nc\r\n", "a\r\nb\"c\"\r\n", "a\r\n\"b\"c\r\n"] {
        assert!(std::panic::catch_unwind(|| rows(text)).is_err(), "{text:?}");
    }
    assert_eq!(rows("a\r\n\"b\"\"\r\n\"\r\n"), [Row::from([("a".to_string(), "b\"\r\n".to_string())])]);
}
