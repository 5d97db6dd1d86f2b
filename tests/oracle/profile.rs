//! Readings: where official texts contradict each other, a catalog carries both and the request chooses.

use serde_json::Value;
use std::borrow::Cow;

/// The request with the fields that its choice replaces in the catalog; without a choice, as it stands.
pub fn chosen(request: &Value) -> Cow<'_, Value> {
    let Some(profiles) = request["profile"].as_object() else { return Cow::Borrowed(request) };
    let mut changed = request.clone();
    for (profile, option) in profiles {
        let option = find(&find(&request["catalog"]["profiles"], profile)["options"], option.as_str().unwrap());
        merge(&mut changed["catalog"], &option["set"]);
    }
    Cow::Owned(changed)
}

/// Objects field by field; whatever else is replaced.
fn merge(into: &mut Value, set: &Value) {
    match (into, set) {
        (Value::Object(fields), Value::Object(set)) => {
            for (field, value) in set {
                merge(fields.entry(field.clone()).or_insert(Value::Null), value);
            }
        }
        (into, set) => *into = set.clone(),
    }
}

/// The row of this id.
pub fn find<'a>(rows: &'a Value, id: &str) -> &'a Value {
    rows.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("unknown {id}"))
}
