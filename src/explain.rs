//! Why this grant paid, and why this call cost money (W1).

use crate::grant::{Grant, compare};
use crate::question::Question;
use crate::rulebook::{ClassKind, Stacking};
use crate::time::{Instant, Period};
use crate::usage::Stream;
use std::cmp::Ordering;

/// Why a call cost money: the first that fits, judged at the call's instant. In order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A grant for this API and region is in term with quota left, bound to another project.
    OtherProject,
    /// A grant that could serve this call is in term with nothing left.
    UsedUp,
    /// Such a grant has ended.
    Expired,
    /// Such a grant starts later.
    NotYetEffective,
    /// Such a grant is in term with quota left, but waits for one bought earlier (K5).
    Waiting,
    /// Such a grant is in term with quota left, outside the hours that it serves (K3).
    OutsideHours,
    /// A free grant for this API has quota left in other regions only.
    FreeTrialOtherRegion,
    /// A package for this API is in term with quota left in another region.
    OtherRegion,
    /// A package in this region is in term with quota left for another API.
    OtherApi,
    /// The call's user is still subscribed after another user's subscription ended.
    OtherUser,
    /// The call lies in the cycle in which the API was switched off.
    BeforeSwitchOff,
    /// Nothing was bought.
    NoPackage,
}

impl Cause {
    /// The cause of a code.
    pub(crate) fn of(code: &str) -> Option<Cause> {
        const ALL: [Cause; 12] = [
            Cause::OtherProject,
            Cause::UsedUp,
            Cause::Expired,
            Cause::NotYetEffective,
            Cause::Waiting,
            Cause::OutsideHours,
            Cause::FreeTrialOtherRegion,
            Cause::OtherRegion,
            Cause::OtherApi,
            Cause::OtherUser,
            Cause::BeforeSwitchOff,
            Cause::NoPackage,
        ];
        ALL.into_iter().find(|cause| cause.code() == code)
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Cause::OtherProject => "other_project",
            Cause::UsedUp => "used_up",
            Cause::Expired => "expired",
            Cause::NotYetEffective => "not_yet_effective",
            Cause::OutsideHours => "outside_hours",
            Cause::Waiting => "waiting",
            Cause::FreeTrialOtherRegion => "free_trial_other_region",
            Cause::OtherRegion => "other_region",
            Cause::OtherApi => "other_api",
            Cause::OtherUser => "other_user",
            Cause::BeforeSwitchOff => "before_switch_off",
            Cause::NoPackage => "no_package",
        }
    }

    /// The rule that a person can read up.
    pub fn rule(self) -> &'static str {
        "W1"
    }
}

/// The cause of a charge to a stream at an instant. `left` is what each grant has left; `cycle_of` the settlement cycle of an instant.
pub fn cause(question: &Question, left: &[u64], stream: &Stream, at: Instant, cycle_of: &dyn Fn(Instant) -> Period) -> Cause {
    let (api, region, project) = (stream.api, stream.region, stream.project.as_deref());
    let enough = |g: usize, api: usize| left[g] >= question.grants[g].takes(question.points[api]);
    let any = |fits: &dyn Fn(usize, &Grant) -> bool| question.grants.iter().enumerate().any(|(g, grant)| fits(g, grant));
    let hour = question.catalog.utc_offset.hour(at);
    let could_serve = |grant: &Grant| grant.serves(api, region) && grant.serves_project(project);

    if any(&|g, grant| grant.serves(api, region) && !grant.serves_project(project) && grant.in_term(at) && enough(g, api)) {
        Cause::OtherProject
    } else if any(&|g, grant| could_serve(grant) && grant.in_term(at) && !enough(g, api)) {
        Cause::UsedUp
    } else if any(&|_, grant| could_serve(grant) && grant.serving.end <= at) {
        Cause::Expired
    } else if any(&|_, grant| could_serve(grant) && grant.serving.start > at) {
        Cause::NotYetEffective
    } else if any(&|g, grant| could_serve(grant) && grant.in_term(at) && enough(g, api) && grant.serves_hour(hour)) {
        Cause::Waiting
    } else if any(&|g, grant| could_serve(grant) && grant.in_term(at) && enough(g, api)) {
        Cause::OutsideHours
    } else if any(&|g, grant| grant.kind == ClassKind::Free && elsewhere(grant, api, region) && grant.in_term(at) && enough(g, api)) {
        Cause::FreeTrialOtherRegion
    } else if any(&|g, grant| grant.kind != ClassKind::Free && elsewhere(grant, api, region) && grant.in_term(at) && enough(g, api)) {
        Cause::OtherRegion
    } else if any(&|g, grant| {
        let for_another = || grant.apis.iter().any(|&other| other != api && enough(g, other));
        grant.kind != ClassKind::Free && grant.serves_region(region) && grant.in_term(at) && for_another()
    }) {
        Cause::OtherApi
    } else {
        cause_of_access(question, stream, at, cycle_of)
    }
}

fn elsewhere(grant: &Grant, api: usize, region: usize) -> bool {
    grant.apis.contains(&api) && !grant.serves_region(region)
}

fn cause_of_access(question: &Question, stream: &Stream, at: Instant, cycle_of: &dyn Fn(Instant) -> Period) -> Cause {
    let Some(access) = &question.access else { return Cause::NoPackage };
    let mut offs = access.switch_offs.iter().filter(|off| off.api == stream.api && off.region == stream.region);
    if let Some(user) = stream.user.as_deref()
        && access.subscribes(stream.api, stream.region, user, at)
        && offs.clone().any(|off| off.user.as_deref().is_some_and(|other| other != user) && off.at <= at)
    {
        return Cause::OtherUser;
    }
    let switched_off = offs.any(|off| {
        let for_caller = off.user.is_none() || stream.user.is_none() || off.user == stream.user;
        for_caller && off.at > at && cycle_of(off.at).contains(at)
    });
    if switched_off { Cause::BeforeSwitchOff } else { Cause::NoPackage }
}

/// Why a grant was drawn: the key that put it before the next one that could have paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Because<'a> {
    /// `only`, `class`, a key of the catalog's order, or `waiting` (K5).
    pub key: &'static str,
    /// The rule that the catalog cites for this key.
    pub rule: &'a str,
}

/// The key that decided between the grant drawn and the next one.
pub fn because(question: &Question, drawn: usize, over: Option<usize>) -> Because<'_> {
    let key = over.map_or("only", |over| match compare(&question.grants, &question.catalog.order, drawn, over) {
        (Ordering::Greater, _) => "waiting",
        (_, key) => key,
    });
    Because { key, rule: cited(question, key) }
}

/// Why a grant did not pay a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed<'a> {
    /// The reason, in the order in which they are asked.
    pub reason: &'static str,
    /// For `later`: the key that put the other one before it.
    pub key: Option<&'static str>,
    /// The rule that the catalog cites for the reason or the key.
    pub rule: &'a str,
}

/// Why a grant did not pay a call: the first reason that fits, judged at the call's instant, before the call. `drawn` is the grant that paid.
pub fn passed<'a>(question: &'a Question, left: &[u64], stream: &Stream, at: Instant, g: usize, drawn: Option<usize>) -> Passed<'a> {
    let grant = &question.grants[g];
    let (reason, rule) = if !grant.apis.contains(&stream.api) {
        ("other_api", "G1")
    } else if !grant.serves_region(stream.region) {
        ("other_region", "G2")
    } else if !grant.serves_project(stream.project.as_deref()) {
        ("other_project", "G5")
    } else if grant.serving.start > at {
        ("not_yet_effective", "G6")
    } else if grant.serving.end <= at || !grant.ever_serves() {
        ("expired", "G6")
    } else if left[g] < grant.takes(question.points[stream.api]) {
        ("used_up", "T5")
    } else if !grant.serves_hour(question.catalog.utc_offset.hour(at)) {
        ("outside_hours", "K3")
    } else if waits(question, left, stream, at, g) {
        ("waiting", "K5")
    } else {
        let key = drawn.map_or("only", |drawn| compare(&question.grants, &question.catalog.order, drawn, g).1);
        return Passed { reason: "later", key: Some(key), rule: cited(question, key) };
    };
    Passed { reason, key: None, rule: question.catalog.cites.get(reason).map_or(rule, String::as_str) }
}

/// Whether a grant waits for one of its class that was bought earlier and has a call left for the same API and region (K5).
fn waits(question: &Question, left: &[u64], stream: &Stream, at: Instant, g: usize) -> bool {
    let (grant, points) = (&question.grants[g], question.points[stream.api]);
    question.catalog.stacking == Stacking::OneAtATime
        && question.grants.iter().enumerate().any(|(h, other)| {
            let earlier = other.class == grant.class && (other.created, h) < (grant.created, g);
            earlier && other.serves(stream.api, stream.region) && other.in_term(at) && left[h] >= other.takes(points)
        })
}

/// The rule that the catalog cites for a key; a lone grant goes before pay-per-use by the rule of classes.
fn cited<'a>(question: &'a Question, key: &str) -> &'a str {
    let key = if key == "only" { "class" } else { key };
    question.catalog.cites.get(key).map_or(if key == "waiting" { "K5" } else { "D6" }, String::as_str)
}
