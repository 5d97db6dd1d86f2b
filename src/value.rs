//! A tree of plain values, as JSON has them, and the one reader that turns it into typed facts.
//!
//! It exists because every error has to name its place, and because a misspelt field has to be seen. Derived decoders do neither
//! through JavaScript, and would be four times the size of the whole engine.

use crate::error::{Code, Result, fail};
use serde::de::{self, Deserialize, Visitor};
use std::fmt;
use tsify::Tsify;

/// What a caller handed over, before anything is believed.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`, or nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A JavaScript number: the only floating point in the engine. It becomes a count or an error.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, its keys in the order given.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes over the fields of another object; objects inside both are merged in turn, everything else is replaced.
    pub(crate) fn merge(&mut self, other: &Value) {
        match (self, other) {
            (Value::Map(fields), Value::Map(others)) => {
                for (name, other) in others {
                    match fields.iter_mut().find(|(of, _)| of == name) {
                        Some((_, value)) => value.merge(other),
                        None => fields.push((name.clone(), other.clone())),
                    }
                }
            }
            (value, other) => *value = other.clone(),
        }
    }

    /// The string, if it is one.
    pub(crate) fn text(&self) -> Result<&str> {
        match self {
            Value::Text(it) => Ok(it),
            _ => fail(Code::InvalidType, ""),
        }
    }

    fn fields(&self) -> Result<&[(String, Value)]> {
        match self {
            Value::Map(fields) => Ok(fields),
            _ => fail(Code::InvalidType, ""),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: de::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_any(Plain)
    }
}

struct Plain;

impl<'de> Visitor<'de> for Plain {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, it: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(it))
    }

    fn visit_i64<E>(self, it: i64) -> std::result::Result<Value, E> {
        Ok(Value::Number(it as f64))
    }

    fn visit_u64<E>(self, it: u64) -> std::result::Result<Value, E> {
        Ok(Value::Number(it as f64))
    }

    fn visit_f64<E>(self, it: f64) -> std::result::Result<Value, E> {
        Ok(Value::Number(it))
    }

    fn visit_str<E>(self, it: &str) -> std::result::Result<Value, E> {
        Ok(Value::Text(it.to_string()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut fields: A) -> std::result::Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(field) = fields.next_entry()? {
            map.push(field);
        }
        Ok(Value::Map(map))
    }
}

/// Something that can be read out of a [`Value`]. Errors name the place, seen from the value.
pub trait Read {
    /// Takes over what the value says, or says what is wrong with it.
    fn take(&mut self, from: &Value) -> Result<()>;

    /// The same, as JSON Schema.
    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String;
}

/// Reads a fact.
pub fn read<T: Read + Default>(from: &Value) -> Result<T> {
    let mut fact = T::default();
    fact.take(from)?;
    Ok(fact)
}

impl Read for Value {
    fn take(&mut self, from: &Value) -> Result<()> {
        *self = from.clone();
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        "{}".to_string()
    }
}

impl Read for bool {
    fn take(&mut self, from: &Value) -> Result<()> {
        let Value::Bool(it) = from else { return fail(Code::InvalidType, "") };
        *self = *it;
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"boolean"}"#.to_string()
    }
}

impl Read for String {
    fn take(&mut self, from: &Value) -> Result<()> {
        *self = from.text()?.to_string();
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        r#"{"type":"string"}"#.to_string()
    }
}

impl<T: Read + Default> Read for Option<T> {
    fn take(&mut self, from: &Value) -> Result<()> {
        match from {
            Value::Null => Ok(()),
            _ => self.insert(T::default()).take(from),
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        format!(r#"{{"anyOf":[{},{{"type":"null"}}]}}"#, T::default().schema())
    }
}

impl<T: Read + Default> Read for Vec<T> {
    fn take(&mut self, from: &Value) -> Result<()> {
        let Value::List(items) = from else { return fail(Code::InvalidType, "") };
        self.resize_with(items.len(), T::default);
        for (i, (fact, item)) in self.iter_mut().zip(items).enumerate() {
            fact.take(item).map_err(|error| error.inside_index(i))?;
        }
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        format!(r#"{{"type":"array","items":{}}}"#, T::default().schema())
    }
}

/// A fact that the first answer does not need: the small module passes it over, unread.
#[derive(Clone, Debug, Default)]
pub struct WholeOnly<T>(pub T);

impl<T> std::ops::Deref for WholeOnly<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Read> Read for WholeOnly<T> {
    fn take(&mut self, from: &Value) -> Result<()> {
        if cfg!(feature = "whole") { self.0.take(from) } else { Ok(()) }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        self.0.schema()
    }
}

/// An object whose keys are names: a small table.
#[derive(Clone, Debug)]
pub struct Table<T>(pub Vec<(String, T)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table(Vec::new())
    }
}

impl<T> Table<T> {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl<T: Read + Default> Read for Table<T> {
    fn take(&mut self, from: &Value) -> Result<()> {
        for (key, value) in from.fields()? {
            self.0.push((key.clone(), read(value).map_err(|error| error.inside(key))?));
        }
        Ok(())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        format!(r#"{{"type":"object","additionalProperties":{}}}"#, T::default().schema())
    }
}

/// An object whose every key is known.
pub(crate) struct Fields<'a>(&'a [(String, Value)]);

impl<'a> Fields<'a> {
    /// The fields of an object; a key that is not known is an error.
    pub fn of(from: &'a Value, known: &[&str]) -> Result<Self> {
        let fields = from.fields()?;
        match fields.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            Some((key, _)) => fail(Code::UnknownField, key),
            None => Ok(Fields(fields)),
        }
    }

    /// A field that must be there.
    pub fn required(&self, name: &str, fact: &mut dyn Read) -> Result<()> {
        match self.0.iter().find(|(key, _)| key == name) {
            Some((_, value)) => fact.take(value).map_err(|error| error.inside(name)),
            None => fail(Code::MissingField, name),
        }
    }

    /// A field that may be left out, or be null, for its default.
    pub fn optional(&self, name: &str, fact: &mut dyn Read) -> Result<()> {
        match self.0.iter().find(|(key, _)| key == name) {
            None | Some((_, Value::Null)) => Ok(()),
            Some((_, value)) => fact.take(value).map_err(|error| error.inside(name)),
        }
    }
}

/// The schema of an object: no other keys, the required ones there.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn schema_of_fields(fields: &[(&str, &str, &dyn Read)]) -> String {
    let required: Vec<&str> = fields.iter().filter(|(how, ..)| *how == "required").map(|(_, name, _)| *name).collect();
    let properties: Vec<String> = fields.iter().map(|(_, name, fact)| format!(r#""{name}":{}"#, fact.schema())).collect();
    format!(r#"{{"type":"object","additionalProperties":false,"required":{required:?},"properties":{{{}}}}}"#, properties.join(","))
}

/// A text in one language, or in two: in English or the only one, and in Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq, Tsify)]
#[tsify(type = "string | { en: string, \"zh-CN\"?: string }")]
pub struct Text(pub String, pub Option<String>);

impl Read for Text {
    fn take(&mut self, from: &Value) -> Result<()> {
        match from {
            // The first answer says no names: its page has them.
            _ if !cfg!(feature = "whole") => Ok(()),
            Value::Text(it) => {
                self.0 = it.clone();
                Ok(())
            }
            _ => {
                let fields = Fields::of(from, &["en", "zh-CN"])?;
                fields.optional("zh-CN", &mut self.1)?;
                fields.required("en", &mut self.0)
            }
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn schema(&self) -> String {
        let both = r#"{"type":"object","additionalProperties":false,"required":["en"],"properties":{"en":{"type":"string"},"zh-CN":{"type":"string"}}}"#;
        format!(r#"{{"anyOf":[{{"type":"string"}},{both}]}}"#)
    }
}

/// How a struct is read: each field, required or optional, and its name outside.
macro_rules! reads {
    ($type:ident { $($how:ident $field:ident $name:literal),* }) => {
        impl $crate::value::Read for $type {
            fn take(&mut self, from: &$crate::value::Value) -> $crate::error::Result<()> {
                let fields = $crate::value::Fields::of(from, &[$($name),*])?;
                $(fields.$how($name, &mut self.$field)?;)*
                Ok(())
            }

            #[cfg(not(target_arch = "wasm32"))]
            fn schema(&self) -> String {
                let fields: &[(&str, &str, &dyn $crate::value::Read)] = &[$((stringify!($how), $name, &self.$field)),*];
                $crate::value::schema_of_fields(fields)
            }
        }
    };
}

/// How a word is read: each variant with the word that stands for it.
macro_rules! reads_word {
    ($type:ident { $($word:literal $variant:ident),* }) => {
        impl $crate::value::Read for $type {
            fn take(&mut self, from: &$crate::value::Value) -> $crate::error::Result<()> {
                *self = match from.text()? {
                    $($word => $type::$variant,)*
                    _ => return $crate::error::fail($crate::error::Code::InvalidValue, ""),
                };
                Ok(())
            }

            #[cfg(not(target_arch = "wasm32"))]
            fn schema(&self) -> String {
                format!(r#"{{"enum":{:?}}}"#, [$($word),*])
            }
        }
    };
}

pub(crate) use {reads, reads_word};
