//! W1: why a call cost money. Exactly one cause, the first that fits, judged at the call's instant over all grants.

use crate::calls::{Asked, Counters, serves, waits};
use crate::input::Kind;
use crate::open::Admission;
use crate::world::World;

/// In the order in which they are tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    OtherProject,
    UsedUp,
    Expired,
    NotYetEffective,
    Waiting,
    OutsideHours,
    FreeTrialOtherRegion,
    OtherRegion,
    OtherApi,
    OtherUser,
    BeforeSwitchOff,
    NoPackage,
}

impl Cause {
    pub fn code(self) -> &'static str {
        match self {
            Cause::OtherProject => "other_project",
            Cause::UsedUp => "used_up",
            Cause::Expired => "expired",
            Cause::NotYetEffective => "not_yet_effective",
            Cause::Waiting => "waiting",
            Cause::OutsideHours => "outside_hours",
            Cause::FreeTrialOtherRegion => "free_trial_other_region",
            Cause::OtherRegion => "other_region",
            Cause::OtherApi => "other_api",
            Cause::OtherUser => "other_user",
            Cause::BeforeSwitchOff => "before_switch_off",
            Cause::NoPackage => "no_package",
        }
    }
}

/// The cause of a call that no grant paid for.
pub fn of(world: &World, call: &Asked, admission: &Admission, counters: &Counters) -> Cause {
    let any = |fits: &dyn Fn(usize) -> bool| (0..world.grants.len()).any(fits);
    let grant = |at: usize| &world.grants[at];
    let free = |at: usize| world.request.catalog.classes[grant(at).class].kind == Kind::Free;
    let in_term = |at: usize| grant(at).in_term(call);
    let here = |at: usize| grant(at).regions.contains(&call.region);
    let this_api = |at: usize| grant(at).apis.contains(&call.api);
    let has_left = |at: usize, api: usize| counters.left(world, at, call.at) >= world.takes(grant(at), api);

    let other_project = |at: usize| {
        let bound_elsewhere = !grant(at).fits_project(call.project.as_deref());
        this_api(at) && here(at) && bound_elsewhere && in_term(at) && has_left(at, call.api)
    };
    let used_up = |at: usize| serves(world, at, call) && in_term(at) && !has_left(at, call.api);
    let expired = |at: usize| serves(world, at, call) && grant(at).ended(call);
    let not_yet_effective = |at: usize| serves(world, at, call) && grant(at).is_yet_to_start(call);
    let able = |at: usize| serves(world, at, call) && in_term(at) && has_left(at, call.api);
    let outside_hours = |at: usize| able(at) && !grant(at).in_hours(call);
    let waiting = |at: usize| able(at) && grant(at).in_hours(call) && waits(world, at, call, counters);
    let elsewhere = |at: usize| this_api(at) && !here(at) && in_term(at) && has_left(at, call.api);
    let free_elsewhere = |at: usize| free(at) && elsewhere(at);
    let other_region = |at: usize| !free(at) && elsewhere(at);
    let other_api = |at: usize| {
        let mut others = grant(at).apis.iter().filter(|&&api| api != call.api);
        !free(at) && here(at) && in_term(at) && others.any(|&api| has_left(at, api))
    };

    if any(&other_project) {
        Cause::OtherProject
    } else if any(&used_up) {
        Cause::UsedUp
    } else if any(&expired) {
        Cause::Expired
    } else if any(&not_yet_effective) {
        Cause::NotYetEffective
    } else if any(&waiting) {
        Cause::Waiting
    } else if any(&outside_hours) {
        Cause::OutsideHours
    } else if any(&free_elsewhere) {
        Cause::FreeTrialOtherRegion
    } else if any(&other_region) {
        Cause::OtherRegion
    } else if any(&other_api) {
        Cause::OtherApi
    } else if other_user(world, call, admission) {
        Cause::OtherUser
    } else if before_switch_off(world, call) {
        Cause::BeforeSwitchOff
    } else {
        Cause::NoPackage
    }
}

/// The call's user is still subscribed after another user's subscription to this API and region ended.
fn other_user(world: &World, call: &Asked, admission: &Admission) -> bool {
    admission.own
        && world.subscriptions.iter().flatten().any(|row| {
            let another = row.user.is_some() && row.user != call.user;
            row.api == call.api && row.region == call.region && another && row.until.is_some_and(|until| until <= call.at)
        })
}

/// A subscription that could be this caller's is switched off later in the same cycle.
fn before_switch_off(world: &World, call: &Asked) -> bool {
    world.subscriptions.iter().flatten().any(|row| {
        let whose = row.user.is_none() || call.user.is_none() || row.user == call.user;
        let later = |until: i64| call.at < until && world.cycle(until) == world.cycle(call.at);
        row.api == call.api && row.region == call.region && whose && row.until.is_some_and(later)
    })
}
