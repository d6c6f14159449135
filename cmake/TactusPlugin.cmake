# tactus_plugin(NAME SOURCES ... [DEPENDS ...]): a shared object that `tactus` loads at run time.
# The file is NAME.so; the plug-ins in it are called NAME or NAME/<variant>.
function(tactus_plugin name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(tactus_plugin_${name} MODULE ${ARG_SOURCES})
  set_target_properties(tactus_plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME ${name} CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(tactus_plugin_${name} PRIVATE tactus::plugin ${ARG_DEPENDS})
  # Replay must give the same bits: no fused multiply-add that another compiler would not make.
  target_compile_options(tactus_plugin_${name} PRIVATE -ffp-contract=off
    # A beat deserves optimised code, even where nobody chose a build type.
    $<$<CONFIG:>:-O2>)
  if(TARGET tactus_options) # inside the project's own tree
    target_link_libraries(tactus_plugin_${name} PRIVATE tactus_options)
    set_target_properties(tactus_plugin_${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/plugins")
    tactus_header_check(tactus_plugin_${name})
    install(TARGETS tactus_plugin_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/tactus/plugins)
  endif()
endfunction()
