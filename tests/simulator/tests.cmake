# The simulator's own tests.
add_library(simulator_test_support STATIC
    forward/test_sockets.cpp test_project.cpp test_support.cpp)
# Poco stays behind this library: its compile definitions do not fit the precompiled header.
target_link_libraries(simulator_test_support PUBLIC simulator PRIVATE Poco::Net Poco::Foundation)

add_hcloud_test(test_simulator_world
    test_label_selector.cpp test_metadata.cpp test_state.cpp test_values.cpp test_world.cpp
    LIBS simulator_test_support yaml-cpp)

add_hcloud_test(test_simulator_attachments
    test_firewalls.cpp test_load_balancer_parts.cpp test_load_balancers.cpp test_races.cpp test_volumes.cpp
    LIBS simulator_test_support)

add_hcloud_test(test_simulator_network_resources
    test_certificates.cpp test_floating_ips.cpp test_networks.cpp test_primary_ips.cpp
    test_ssh_keys.cpp
    LIBS simulator_test_support)

add_hcloud_test(test_simulator_servers
    test_catalog.cpp test_images.cpp test_placement_groups.cpp
    test_server_actions.cpp test_server_creation.cpp test_server_deletion.cpp
    test_server_images.cpp test_server_metrics.cpp test_server_networks.cpp
    LIBS simulator_test_support)

add_hcloud_test(test_simulator_endpoints
    reference/test_endpoints.cpp reference/test_queries.cpp reference/scenarios.cpp
    LIBS simulator_test_support reference cloud_readers places)
set_target_properties(test_simulator_endpoints PROPERTIES UNITY_BUILD OFF)  # two things named Endpoint

add_hcloud_test(test_simulator_http LOOPBACK
    test_admin.cpp test_api.cpp test_faults.cpp test_half_requests.cpp test_listing.cpp test_program.cpp
    ENVIRONMENT HCLOUD_SIMULATOR= # this build's own
    LIBS simulator_test_support places)
add_dependencies(test_simulator_http hcloud-simulator)

add_hcloud_test(test_simulator_forward LOOPBACK
    forward/test_connections.cpp forward/test_services.cpp
    LIBS simulator_test_support)

# The official command-line tool as the judge of the simulator, in the default profile and in the older.
add_hcloud_script(official_cli COST 35 DEPENDS hcloud-simulator
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/official_cli.sh $<TARGET_FILE:hcloud-simulator>)
add_hcloud_script(official_cli.2025-06 COST 35 DEPENDS hcloud-simulator
         COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/official_cli.sh $<TARGET_FILE:hcloud-simulator> 2025-06)
