//! What was decided or assumed: the notes that belong to an answer. The page words them.

use crate::access::Refusal;
use crate::answer::{Estimate, LineKind, Note};
use crate::catalog::{CatalogNote, NoteOn, Severity, Unit, among};
use crate::question::Question;
use crate::rulebook::Settlement;
use crate::usage::Stream;

/// The catalog's notes on the rules that this answer touches, then the engine's own.
pub fn notes(question: &Question, estimate: &Estimate) -> Vec<Note> {
    let touched = touched(question, estimate);
    let mut notes = notes_of(question, |note| note.on == Some(NoteOn::Always) || touched.contains(&note.rule.as_str()));
    if question.subscriptions_ignored {
        let place = Some("request.subscriptions".to_string());
        notes.push(Note { code: "subscriptions_ignored".to_string(), rule: "P5".to_string(), severity: Severity::Assumption, place });
    }
    for id in &question.readings {
        let place = Some(format!("request.profile.{id}"));
        notes.push(Note { code: "reading_chosen".to_string(), rule: id.clone(), severity: Severity::Assumption, place });
    }
    for (i, api) in question.catalog.apis.iter().enumerate() {
        // Only a log can have such calls; those that failed prove nothing.
        let elsewhere = |stream: &&Stream| stream.api == i && !among(&api.regions, &question.catalog.regions[stream.region].id);
        if question.streams.iter().filter(elsewhere).any(Stream::succeeds) {
            let place = Some(format!("catalog.apis[{i}].regions"));
            notes.push(Note { code: "not_listed_here".to_string(), rule: "P1".to_string(), severity: Severity::Warning, place });
        }
    }
    if question.switch_assumed && estimate.calls.pay_per_use > 0 {
        let place = Some("request.payPerUse".to_string());
        notes.push(Note { code: "pay_per_use_assumed_on".to_string(), rule: "P8".to_string(), severity: Severity::Assumption, place });
    }
    if question.access.is_none() && estimate.calls.pay_per_use > 0 && question.keeps_prices() {
        let place = Some("request.subscriptions".to_string());
        notes.push(Note { code: "prices_by_call".to_string(), rule: "T9".to_string(), severity: Severity::Assumption, place });
    }
    if estimate.calls.pay_per_use > 0 && question.shares_a_count() {
        notes.push(Note { code: "versions_share_count".to_string(), rule: "P4".to_string(), severity: Severity::Assumption, place: None });
    }
    notes
}

/// The catalog's notes that are asked for, as far as they are about what is called and the reading that was chosen.
pub(crate) fn notes_of(question: &Question, asked: impl Fn(&CatalogNote) -> bool) -> Vec<Note> {
    let called = |api: &String| question.streams.iter().any(|stream| question.catalog.apis[stream.api].id == *api);
    let of_catalog = question.catalog.notes.iter().filter(|note| {
        let of_called = note.apis.as_ref().is_none_or(|apis| apis.iter().any(called));
        let holds = note.profile.as_ref().is_none_or(|id| !question.readings.contains(id));
        of_called && holds && asked(note)
    });
    of_catalog.map(|note| Note { code: note.code.clone(), rule: note.rule.clone(), severity: note.severity, place: None }).collect()
}

/// The rules that an answer touches.
fn touched(question: &Question, estimate: &Estimate) -> Vec<&'static str> {
    let purchases = estimate.grants.len();
    let projects = question.grants.iter().any(|grant| grant.project.is_some());
    let charged = estimate.calls.pay_per_use > 0;
    let hourly = question.catalog.settlement == Settlement::Hour;
    let rules = [
        ("N1", estimate.calls.requests > 0),
        ("N2", estimate.calls.counted > 0),
        ("N4", estimate.calls.requests > 0),
        ("N3", question.streams.iter().any(|stream| stream.user.is_some())),
        ("G1", purchases > 0),
        ("G2", purchases > 0),
        ("G3", purchases > 0),
        ("G4", question.grants.iter().any(|grant| grant.unit == Unit::Point)),
        ("G5", projects),
        ("G6", purchases > 0),
        ("G7", purchases > 1),
        ("D1", purchases > 0),
        ("D2", purchases > 0),
        ("D3", purchases > 1),
        ("D4", projects),
        ("D5", question.grants.iter().any(|grant| grant.limited)),
        ("D6", purchases > 1),
        ("D7", purchases > 0),
        ("T1", true),
        ("T2", purchases > 0),
        ("T3", question.renewed),
        ("T4", purchases > 0),
        ("T7", question.unified),
        ("T5", charged && purchases > 0),
        ("T8", purchases > 0),
        ("T9", charged || purchases > 0),
        ("P1", charged),
        ("P2", question.access.is_some()),
        ("P3", charged && hourly),
        ("P4", charged && !hourly),
        ("P5", !question.catalog.pay_per_use),
        ("P6", question.access.as_ref().is_some_and(|access| !access.switch_offs.is_empty())),
        ("P7", estimate.lines.iter().any(|line| line.kind == LineKind::Package)),
        ("P8", question.catalog.pay_per_use_switch && (charged || !question.pay_per_use)),
        ("P9", estimate.refused.iter().any(|row| row.code == Refusal::NotOpen.code(&question.catalog))),
        ("R1", charged),
        ("F1", estimate.calls.free > 0),
        ("F2", charged),
        ("W1", charged),
    ];
    rules.into_iter().filter(|(_, touched)| *touched).map(|(rule, _)| rule).collect()
}
