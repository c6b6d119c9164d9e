# The checks that are not C++ tests, so that ctest's summary covers them too. The slow ones belong to the release tree.
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
endif()
