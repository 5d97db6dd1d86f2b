//! The JSON Schema beside the catalogs says what the engine reads. `UPDATE=1 cargo test --test schema` writes it anew.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::{Value, json};
use std::{env, fs};

#[test]
fn the_schema_is_that_of_the_rust_types() {
    let mut schema: Value = serde_json::from_str(&ocr_pricing::catalog::Catalog::schema()).unwrap();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("ocr-pricing catalog");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    let path = format!("{}/www/catalogs/schema.json", env!("CARGO_MANIFEST_DIR"));
    if env::var("UPDATE").is_ok() {
        fs::write(&path, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|it| it == text),
        "www/catalogs/schema.json is out of date: UPDATE=1 cargo test --test schema"
    );
}
