# How every target of the project is compiled, and the functions that the rooms use.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

set(TACTUS_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(TACTUS_FUZZ "Build the fuzzers, with clang's libFuzzer" OFF)

add_library(tactus_options INTERFACE)
target_compile_options(tactus_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wformat=2 -Werror
  # g++ 12 sees overlaps in std::string (its bug 105651) and overflows in atomics that are not there.
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow>"
  # Replay must give the same bits: no fused multiply-add that another compiler would not make.
  -ffp-contract=off)
target_include_directories(tactus_options INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/tactus>)
target_compile_features(tactus_options INTERFACE cxx_std_20)
if(TACTUS_SANITIZE)
  target_compile_options(tactus_options INTERFACE -fsanitize=${TACTUS_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(tactus_options INTERFACE -fsanitize=${TACTUS_SANITIZE})
endif()
if(TACTUS_FUZZ)
  target_compile_options(tactus_options INTERFACE -fsanitize=fuzzer-no-link)
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/fuzzers")
  add_custom_target(fuzzers) # all of them
endif()

include(TactusHeaderCheck)

# tactus_room(NAME [SOURCES ...] [DEPENDS ...]): the library of one room; header-only when it has no sources.
function(tactus_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  if(ARG_SOURCES)
    add_library(tactus_${name} STATIC ${ARG_SOURCES})
    target_link_libraries(tactus_${name} PUBLIC ${ARG_DEPENDS}
      PRIVATE $<BUILD_INTERFACE:tactus_options> ${ARG_PRIVATE})
    target_compile_features(tactus_${name} PUBLIC cxx_std_20)
    target_include_directories(tactus_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>)
  else()
    add_library(tactus_${name} INTERFACE)
    target_link_libraries(tactus_${name} INTERFACE ${ARG_DEPENDS})
    target_compile_features(tactus_${name} INTERFACE cxx_std_20)
    target_include_directories(tactus_${name} INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}>)
  endif()
  tactus_header_check(tactus_${name})
endfunction()

# tactus_test(NAME SOURCES ... DEPENDS ...): a GoogleTest binary, each of its tests known to CTest.
function(tactus_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE tactus_options ${ARG_DEPENDS} GTest::gtest_main GTest::gmock)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()

# tactus_bench(NAME SOURCES ... DEPENDS ...): a Google Benchmark binary, one of those that scripts/bench runs.
function(tactus_bench name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE tactus_options ${ARG_DEPENDS} benchmark::benchmark_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/benchmarks")
endfunction()

# tactus_fuzzer(NAME SOURCES ... DEPENDS ...): a libFuzzer binary with TACTUS_FUZZ; otherwise a test that runs it over
# each file of its corpus, the folder corpus/NAME beside it.
function(tactus_fuzzer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  set(corpus "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  add_executable(${name}_fuzzer ${ARG_SOURCES})
  target_link_libraries(${name}_fuzzer PRIVATE tactus_options ${ARG_DEPENDS})
  if(TACTUS_FUZZ)
    target_link_options(${name}_fuzzer PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name}_fuzzer PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzzers")
    file(CREATE_LINK "${corpus}" "${CMAKE_BINARY_DIR}/fuzzers/${name}_fuzzer.corpus" SYMBOLIC) # for scripts/test
    add_dependencies(fuzzers ${name}_fuzzer)
  else()
    target_sources(${name}_fuzzer PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp")
    add_test(NAME fuzz.${name} COMMAND ${name}_fuzzer "${corpus}")
  endif()
endfunction()
