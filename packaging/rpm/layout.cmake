# For CPACK_PRE_BUILD_SCRIPTS: what is elsewhere in an rpm than in a deb. Runs for each generator, after the files
# of all components lie in CPACK_TEMPORARY_DIRECTORY and before the packages are made of them.
if(NOT CPACK_GENERATOR STREQUAL "RPM")
    return()
endif()
file(GLOB roots ${CPACK_TEMPORARY_DIRECTORY}/*/usr ${CPACK_TEMPORARY_DIRECTORY}/usr)
foreach(root IN LISTS roots)
    if(EXISTS ${root}/share/zsh/vendor-completions)
        file(RENAME ${root}/share/zsh/vendor-completions ${root}/share/zsh/site-functions)
    endif()
    file(GLOB debian_only ${root}/share/doc/*/changelog.Debian.gz)
    file(REMOVE_RECURSE ${debian_only} ${root}/share/lintian)
endforeach()
