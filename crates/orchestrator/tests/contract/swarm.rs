//! The contract on a real swarm, and what must hold there besides: the limits are really set, nothing that people type is
//! read as anything else, and what others made stays untouched.

mod details;
mod outage;
mod private;
mod world;

use crate::suite;
use world::OnSwarm;

crate::contract!(OnSwarm);

crate::in_world! { OnSwarm:
    details::the_limits_and_the_cage_are_really_there
    details::variables_arrive_byte_for_byte
    details::every_awkward_value_arrives_byte_for_byte
    details::the_command_replaces_the_images_own
    details::another_installation_sees_and_changes_nothing
    details::a_service_that_somebody_else_made_is_not_taken_over
    details::an_image_that_no_node_has_is_told_as_that
    details::an_existing_swarm_is_left_as_it_is
    private::a_private_image_is_fetched_with_the_releases_credentials
    outage::an_engine_that_goes_away_is_told_and_found_again
}
