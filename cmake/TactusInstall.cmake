# What an installation holds: the command, its plug-ins, and what somebody needs to build a plug-in elsewhere:
# find_package(tactus), then tactus_plugin(my_plugin SOURCES my_plugin.cpp).
include(CMakePackageConfigHelpers)

set(TACTUS_INCLUDE_DIR ${CMAKE_INSTALL_INCLUDEDIR}/tactus)
set(TACTUS_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/tactus)

# The rooms that a plug-in sees, under the names that it links.
set(TACTUS_PLUGIN_ROOMS mediator plugin device components)
foreach(room IN LISTS TACTUS_PLUGIN_ROOMS)
  install(DIRECTORY "${CMAKE_SOURCE_DIR}/${room}/" DESTINATION ${TACTUS_INCLUDE_DIR}/${room} FILES_MATCHING PATTERN "*.hpp")
  set_target_properties(tactus_${room} PROPERTIES EXPORT_NAME ${room})
  install(TARGETS tactus_${room} EXPORT tactus ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${TACTUS_INCLUDE_DIR})
endforeach()
install(FILES tactus.hpp DESTINATION ${TACTUS_INCLUDE_DIR})
# `tactus::plugin` is all that a plug-in links, in the tree and outside; the room of that name is a part of it.
set_target_properties(tactus_plugin PROPERTIES EXPORT_NAME plugin_interface)
set_target_properties(tactus_components PROPERTIES EXPORT_NAME plugin)

install(EXPORT tactus NAMESPACE tactus:: FILE tactus-targets.cmake DESTINATION ${TACTUS_PACKAGE_DIR})
configure_package_config_file(cmake/tactus-config.cmake.in "${CMAKE_BINARY_DIR}/tactus-config.cmake"
  INSTALL_DESTINATION ${TACTUS_PACKAGE_DIR} NO_SET_AND_CHECK_MACRO)
# Before 1.0 any minor version may change the interface.
write_basic_package_version_file("${CMAKE_BINARY_DIR}/tactus-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/tactus-config.cmake" "${CMAKE_BINARY_DIR}/tactus-config-version.cmake"
  cmake/TactusPlugin.cmake DESTINATION ${TACTUS_PACKAGE_DIR})

if(TARGET tactus)
  install(TARGETS tactus RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # Where systemd looks, for the prefixes /usr and /usr/local.
  configure_file(packaging/tactus@.service.in "${CMAKE_BINARY_DIR}/tactus@.service" @ONLY)
  install(FILES "${CMAKE_BINARY_DIR}/tactus@.service" DESTINATION lib/systemd/system)
  install(FILES packaging/tactus.conf DESTINATION lib/sysusers.d)
endif()
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN build EXCLUDE)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
