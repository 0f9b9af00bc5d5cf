# The packages hcloud-agent and hcloud-simulator, by CPack:
#   cmake --build --preset release --target packages     build/release/packages/*.deb, and *.rpm where rpmbuild is
set(HCLOUD_PACKAGE_CONTACT "hcloud-agent maintainers <maintainers@hcloud-agent.invalid>"
    CACHE STRING "who answers for the packages: NAME <ADDRESS>")
set(CPACK_PACKAGE_VENDOR "hcloud-agent maintainers")
set(CPACK_PACKAGE_CONTACT ${HCLOUD_PACKAGE_CONTACT})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL agent)
if(TARGET hcloud-simulator)
    list(APPEND CPACK_COMPONENTS_ALL simulator)
endif()

set(agent_summary "Agent for servers in the Hetzner Cloud")
set(agent_text "Reads the metadata service and keeps private networks, alias IPs and
floating IPs of a Hetzner Cloud server configured: from boot on, when the
cloud changes, and within milliseconds when something takes an address
away. It deletes only what it made itself.")
set(simulator_summary "Hetzner Cloud in one process, to test scripts with")
set(simulator_text "Serves the metadata service and all endpoints of the Hetzner Cloud API,
with state, actions that take their time, rate limits, and faults to order.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_AGENT_PACKAGE_NAME hcloud-agent)
set(CPACK_DEBIAN_AGENT_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_AGENT_DESCRIPTION "${agent_summary}\n${agent_text}")
set(CPACK_DEBIAN_AGENT_PACKAGE_DEPENDS "systemd (>= 249), ca-certificates")
set(CPACK_DEBIAN_AGENT_PACKAGE_CONTROL_EXTRA
    "${CMAKE_CURRENT_LIST_DIR}/deb/conffiles;${CMAKE_CURRENT_LIST_DIR}/deb/postinst;${CMAKE_CURRENT_LIST_DIR}/deb/prerm;${CMAKE_CURRENT_LIST_DIR}/deb/postrm")
set(CPACK_DEBIAN_SIMULATOR_PACKAGE_NAME hcloud-simulator)
set(CPACK_DEBIAN_SIMULATOR_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_SIMULATOR_DESCRIPTION "${simulator_summary}\n${simulator_text}")

set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/rpm/layout.cmake)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE Apache-2.0)
set(CPACK_RPM_PACKAGE_GROUP System/Base)
set(CPACK_RPM_SPEC_MORE_DEFINE "%global packager ${HCLOUD_PACKAGE_CONTACT}")
set(CPACK_RPM_PACKAGE_RELOCATABLE OFF)
set(CPACK_RPM_AGENT_PACKAGE_NAME hcloud-agent)
set(CPACK_RPM_AGENT_PACKAGE_SUMMARY ${agent_summary})
set(CPACK_RPM_AGENT_PACKAGE_DESCRIPTION ${agent_text})
set(CPACK_RPM_AGENT_PACKAGE_REQUIRES "systemd >= 249, ca-certificates")
set(CPACK_RPM_AGENT_POST_INSTALL_SCRIPT_FILE ${CMAKE_CURRENT_LIST_DIR}/rpm/post)
set(CPACK_RPM_AGENT_PRE_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_LIST_DIR}/rpm/preun)
set(CPACK_RPM_AGENT_POST_UNINSTALL_SCRIPT_FILE ${CMAKE_CURRENT_LIST_DIR}/rpm/postun)
set(CPACK_RPM_AGENT_USER_FILELIST "%config(noreplace) /etc/hcloud-agent/config.yaml")
set(CPACK_RPM_SIMULATOR_PACKAGE_NAME hcloud-simulator)
set(CPACK_RPM_SIMULATOR_PACKAGE_SUMMARY ${simulator_summary})
set(CPACK_RPM_SIMULATOR_PACKAGE_DESCRIPTION ${simulator_text})
# The folders are the distribution's.
set(CPACK_RPM_EXCLUDE_FROM_AUTO_FILELIST_ADDITION
    /etc /usr/lib/systemd /usr/lib/systemd/system /usr/lib/sysusers.d /usr/lib/tmpfiles.d /usr/share/man
    /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man8 /usr/share/zsh /usr/share/fish /usr/share/doc
    /usr/share/bash-completion /usr/share/bash-completion/completions /usr/lib/systemd/catalog)

include(CPack)
cpack_add_component(agent GROUP agent)
cpack_add_component_group(agent)
cpack_add_component(simulator GROUP simulator)
cpack_add_component_group(simulator)

find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
find_program(FILE_PROGRAM file)  # dpkg-dev does without, CPack does not
find_program(RPMBUILD rpmbuild)
if(DPKG_SHLIBDEPS AND FILE_PROGRAM)
    list(APPEND commands COMMAND ${CMAKE_CPACK_COMMAND} -G DEB)
endif()
if(RPMBUILD)
    list(APPEND commands COMMAND ${CMAKE_CPACK_COMMAND} -G RPM)
endif()
add_custom_target(packages ${commands} VERBATIM)
if(NOT commands)
    # Fails beside the first things that are compiled, not after the last.
    add_custom_target(package_tools VERBATIM
        COMMAND ${CMAKE_COMMAND} -E echo
                "nothing to make a package with: install dpkg-dev and file for a deb, rpm-build for an rpm (Debian: rpm), and run cmake again"
        COMMAND ${CMAKE_COMMAND} -E false)
    add_dependencies(packages package_tools)
endif()
get_property(papers DIRECTORY packaging PROPERTY BUILDSYSTEM_TARGETS)
add_dependencies(packages hcloud-agent ${papers})
if(TARGET hcloud-simulator)
    add_dependencies(packages hcloud-simulator)
endif()
