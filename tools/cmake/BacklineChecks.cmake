# The checks that are not C++ tests, so that ctest's summary covers them too. The slow ones belong to the release tree.
# Fuzzers exist in the fuzz tree only, where every library reports its coverage:
#   cmake --preset fuzz && cmake --build --preset fuzz --target json_fuzz && build/fuzz/json_fuzz -max_total_time=60
if(BACKLINE_SANITIZE MATCHES fuzzer)
  add_executable(json_fuzz ${CMAKE_SOURCE_DIR}/tests/fuzz/json_fuzz.cpp)
  target_link_libraries(json_fuzz PRIVATE platform_schema)
  target_link_options(json_fuzz PRIVATE -fsanitize=fuzzer)
  backline_compile_settings(json_fuzz)
endif()

if(BACKLINE_SANITIZE)
  return()
endif()

function(backline_check name)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

set(lint ${Python3_EXECUTABLE} tools/lint.py --all)
backline_check(tidy ${Python3_EXECUTABLE} tools/tidy.py)
backline_check(tidy_test ${Python3_EXECUTABLE} tools/tidy_test.py)
if(CMAKE_BUILD_TYPE STREQUAL Release)
  cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
  backline_check(clang_format ${lint} --only format)
  backline_check(clang_tidy ${lint} --only clang-tidy --build ${CMAKE_BINARY_DIR})
  backline_check(headers_alone ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target headers_alone -j ${cores})
  set_tests_properties(clang_tidy headers_alone PROPERTIES PROCESSORS ${cores} TIMEOUT 1800)
  backline_check(servers_test ${Python3_EXECUTABLE} tests/servers/servers_test.py)
  set_tests_properties(servers_test PROPERTIES LABELS servers TIMEOUT 300)
endif()
