# Which test runs where, for all tests and in this one place: a word for each build.
#
#   gate   tests/run.sh and .ci/run run it
#   long   .ci/long alone runs it
#   -      never: this sanitizer could see nothing in it (one thread, another language), or it measures
#
# The words are CTest's labels: ctest -L gate. tests/README.md says what the parts cost.
set(HCLOUD_SETS
    # test                           release asan tsan
    # What this server is
    metadata_parse_test              gate gate -
    metadata_client_test             gate gate gate
    # The kernel
    host_values_test                 gate gate -
    host_parse_test                  gate gate -
    host_ledger_test                 gate gate -
    host_kernel_test                 gate gate long
    host_guard_test                  gate gate -
    # The Cloud API
    cloud_value_test                 gate gate long
    cloud_resource_test              gate gate -
    cloud_client_test                gate gate gate
    cloud_tls_test                   gate gate gate
    cloud_fault_table_test           gate gate gate
    # systemd
    systemd_test                     gate gate long
    catalog                          gate -    -
    # The agent: its parts
    config_test                      gate gate -
    planner_test                     gate gate gate
    planner_headers                  gate -    -
    golden_test                      gate gate long
    crash_points_test                gate gate -
    reconciler_test                  gate gate -
    registration_test                gate gate -
    chaos_test                       gate gate -
    api_pages_test                   gate gate long
    doctor_judge_test                gate gate -
    doctor_arp_test                  gate gate long
    # The agent as a whole, on a simulated server
    repair_test                      gate gate gate
    restart_test                     gate gate gate
    absent_test                      gate gate long
    adopt_test                       gate gate long
    secrets_test                     gate gate long
    service_test                     gate gate gate
    guard_test                       gate gate long
    attach_test                      gate gate long
    wait_test                        gate gate gate
    journal_test                     gate gate long
    metrics_test                     gate gate gate
    prometheus_test                  gate long long
    status_schema_test               gate long long
    cli_test                         gate gate gate
    doctor_test                      gate gate gate
    registration_daemon_test         gate gate gate
    # The simulator
    test_simulator_world             gate gate -
    test_simulator_attachments       gate gate -
    test_simulator_network_resources gate gate -
    test_simulator_servers           gate gate -
    test_simulator_endpoints         gate gate -
    test_simulator_http              gate gate long
    test_simulator_forward           gate gate long
    official_cli                     gate long long
    official_cli.2025-06             gate long long
    # Fleets; the large ones are long everywhere
    fleet_test                       gate long -
    # What tests themselves stand on
    places_test                      gate gate -
    reference_test                   gate gate -
    reference_extract                gate -    -
    fuzz_corpus.answer               gate gate -
    fuzz_corpus.error                gate gate -
    fuzz_corpus.label_selector       gate gate -
    fuzz_corpus.timestamp            gate gate -
    # What packages bring
    completions                      gate long long
    manual_pages                     gate long long
    cloud_init_examples              gate long long
    nat_gateway_example              gate -    -
    alerts                           gate -    -
    # What measures
    benchmark                        gate -    -)

if(HCLOUD_SANITIZE MATCHES thread)
    set(column 3)
elseif(HCLOUD_SANITIZE)
    set(column 2)
else()
    set(column 1)
endif()
set(tests_in_sets)
list(LENGTH HCLOUD_SETS words)
math(EXPR last "${words} - 1")
foreach(row RANGE 0 ${last} 4)
    list(GET HCLOUD_SETS ${row} test)
    math(EXPR place "${row} + ${column}")
    list(GET HCLOUD_SETS ${place} HCLOUD_SET_OF_${test})
    list(APPEND tests_in_sets ${test})
endforeach()

# hcloud_set(TEST VARIABLE): its set in this build.
function(hcloud_set test variable)
    if(NOT DEFINED HCLOUD_SET_OF_${test})
        message(FATAL_ERROR "${test} is in no set: give it a line in tests/sets.cmake")
    endif()
    set_property(GLOBAL APPEND PROPERTY HCLOUD_SEEN_TESTS ${test})
    set(${variable} ${HCLOUD_SET_OF_${test}} PARENT_SCOPE)
endfunction()

# A line whose test is gone would promise a check that nobody makes.
function(check_sets)
    get_property(seen GLOBAL PROPERTY HCLOUD_SEEN_TESTS)
    foreach(test ${tests_in_sets})
        if(NOT test IN_LIST seen AND NOT HCLOUD_SET_OF_${test} STREQUAL "-")
            message(FATAL_ERROR "tests/sets.cmake names ${test}, which is no test")
        endif()
    endforeach()
endfunction()
