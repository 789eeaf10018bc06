//! What every orchestrator has to do, tried on the one in memory and on a real swarm.
//!
//! The real one is the engine at the socket that `SLIPWAY_TEST_ENGINE` names. Without it these tests fail: a promise that
//! nobody tried is no promise.

mod memory;
#[path = "../registry/real.rs"]
mod real;
mod suite;
mod support;
mod swarm;

/// Runs functions of the suite in a world of a kind, each in one of its own that is cleaned up afterwards whatever happens.
macro_rules! in_world {
    ($world:ty: $($suite:ident::$name:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            use futures::FutureExt as _;
            let world = <$world>::begin().await;
            let outcome = std::panic::AssertUnwindSafe($suite::$name(&world)).catch_unwind().await;
            world.clean().await;
            if let Err(panic) = outcome {
                std::panic::resume_unwind(panic);
            }
        }
    )*};
}
pub(crate) use in_world;

/// The whole contract.
macro_rules! contract {
    ($world:ty) => {
        crate::in_world! { $world:
            suite::a_release_gets_the_wanted_replicas_each_with_an_address
            suite::saying_it_again_changes_nothing
            suite::two_who_say_it_at_once_make_one_release
            suite::more_copies_leave_those_that_run_alone
            suite::without_copies_a_release_keeps_its_definition
            suite::all_who_scale_at_once_get_through
            suite::what_is_removed_is_gone_and_may_be_removed_again
            suite::what_is_not_there_cannot_be_scaled
            suite::a_crash_is_told_with_its_exit_code_and_the_replica_is_replaced
            suite::too_much_memory_is_told_as_out_of_memory
            suite::more_memory_than_any_node_has_is_told_as_that
            suite::a_secret_is_kept_while_a_release_has_it
            suite::a_network_is_made_once_and_kept_while_it_is_used
            suite::a_release_does_not_wait_for_somebody_to_make_its_network
            suite::an_image_is_found_by_its_tag_and_listed
            suite::a_tag_that_is_not_there_is_refused_with_those_that_are
            suite::the_machines_are_listed
        }
    };
}
pub(crate) use contract;
