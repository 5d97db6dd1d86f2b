//! Readings: where official texts contradict each other, a catalog carries both and the request chooses.

use serde_json::Value;

/// The request with the fields that its choice replaces in the catalog; without a choice, as it stands.
pub fn chosen(request: &Value) -> Value {
    let mut changed = request.clone();
    for (profile, option) in request["profile"].as_object().into_iter().flatten() {
        let fields = find(&find(&request["catalog"]["profiles"], profile)["options"], option.as_str().unwrap())["set"].as_object();
        for (field, value) in fields.unwrap() {
            changed["catalog"][field] = value.clone();
        }
    }
    changed
}

/// The row of this id.
pub fn find<'a>(rows: &'a Value, id: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("unknown {id}"))
}
