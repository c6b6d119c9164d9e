# How every Backline target is built: flags, precompiled header, and the two functions that the top file uses.
find_package(Boost 1.81 REQUIRED COMPONENTS headers json)
find_package(fmt REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(mongoc-1.0 REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(spdlog REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(Threads REQUIRED)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
enable_testing()
include(GoogleTest)

# ccache where it is installed. Clang's precompiled headers need these settings, or nothing is cached.
find_program(BACKLINE_CCACHE ccache)
if(BACKLINE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${BACKLINE_CCACHE})
endif()

set(BACKLINE_SANITIZE "" CACHE STRING "Sanitizers for every target, as clang takes them: address,undefined or thread")
add_compile_options(
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
  -Wimplicit-fallthrough -Wnull-dereference -Wswitch -Werror
  # A designated initialiser may leave fields at their defaults: that is what it is for.
  -Wno-missing-designated-field-initializers -Wno-missing-field-initializers
  $<$<NOT:$<CONFIG:Release>>:-fno-omit-frame-pointer>)
add_link_options(-fuse-ld=lld)
set(BACKLINE_TEST_PREFIX "")
if(BACKLINE_SANITIZE)
  string(REGEX MATCH "^[a-z]+" BACKLINE_TEST_PREFIX ${BACKLINE_SANITIZE})
  string(APPEND BACKLINE_TEST_PREFIX ":")
  add_compile_options(-fsanitize=${BACKLINE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BACKLINE_SANITIZE})
endif()
include_directories(${CMAKE_SOURCE_DIR})

# One precompiled header of the standard library for the whole tree. It holds no vendor header, so that the linter and
# the compiler still see who includes what.
add_library(backline_pch OBJECT ${CMAKE_SOURCE_DIR}/tools/cmake/pch.cpp)
target_precompile_headers(backline_pch PRIVATE ${CMAKE_SOURCE_DIR}/tools/cmake/pch.hpp)
target_compile_options(backline_pch PRIVATE -fpch-instantiate-templates)

function(backline_compile_settings target)
  target_precompile_headers(${target} REUSE_FROM backline_pch)
  target_compile_options(${target} PRIVATE -fpch-instantiate-templates)
endfunction()

# backline_library(folder [SERVERS] LINK libs... [TEST_LINK libs...]): the library folder_with_underscores from every
# .cpp below the folder, and, where there are *_test.cpp files, the program NAME_test, its cases registered with ctest.
# SERVERS: they want a real server (tests/servers), which `./dev test` starts for tests of that label.
function(backline_library folder)
  cmake_parse_arguments(arg "SERVERS" "" "LINK;TEST_LINK" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${folder}/*.cpp)
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER all EXCLUDE REGEX "_test\\.cpp$|/main\\.cpp$")
  if(all)
    add_library(${name} STATIC ${all})
    target_link_libraries(${name} PUBLIC ${arg_LINK})
    backline_compile_settings(${name})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_LINK})
  endif()
  backline_headers_alone(${name} ${folder})
  if(tests)
    set(label)
    if(arg_SERVERS)
      set(label LABEL servers)
    endif()
    backline_test(${name}_test SOURCES ${tests} LINK ${name} ${arg_TEST_LINK} ${label})
  endif()
endfunction()

# backline_headers_alone(name folder): every header below the folder compiles when it is included alone, without the
# precompiled header. Built by the target headers_alone only, which is a test of the release tree.
add_custom_target(headers_alone)
function(backline_headers_alone name folder)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${folder}/*.hpp)
  set(sources)
  foreach(header IN LISTS headers)
    file(CONFIGURE OUTPUT headers_alone/${header}.cpp CONTENT "#include \"${header}\"\n")
    list(APPEND sources ${CMAKE_BINARY_DIR}/headers_alone/${header}.cpp)
  endforeach()
  if(sources)
    add_library(${name}_headers_alone OBJECT EXCLUDE_FROM_ALL ${sources})
    target_link_libraries(${name}_headers_alone PRIVATE ${name})
    target_compile_options(${name}_headers_alone PRIVATE -O0)
    add_dependencies(headers_alone ${name}_headers_alone)
  endif()
endfunction()

# backline_test(name SOURCES files... LINK libs... [LABEL label]): one GoogleTest program, every case its own ctest
# entry.
function(backline_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gmock GTest::gtest_main rapidcheck
    Threads::Threads)
  backline_compile_settings(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${BACKLINE_TEST_PREFIX}"
                       PROPERTIES TIMEOUT 120 LABELS "${arg_LABEL}"
                                  ENVIRONMENT "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tools/cmake/tsan.supp")
endfunction()

# backline_program(name SOURCES files... LINK libs...): an executable.
function(backline_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} Threads::Threads)
  backline_compile_settings(${name})
endfunction()

# backline_template_seeds(target folder): compiles the template files of the folder into the target.
function(backline_template_seeds target folder)
  set(out ${CMAKE_BINARY_DIR}/generated/${target}_seeds.cpp)
  file(GLOB seeds CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.mustache)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DDIR=${CMAKE_SOURCE_DIR}/${folder} -DOUT=${out}
            -P ${CMAKE_SOURCE_DIR}/tools/cmake/template_seeds.cmake
    DEPENDS ${seeds} ${CMAKE_SOURCE_DIR}/tools/cmake/template_seeds.cmake)
  target_sources(${target} PRIVATE ${out})
endfunction()

# backline_embed_text(target file HEADER path NAMESPACE name FUNCTION name): ships a file inside the target.
function(backline_embed_text target file)
  cmake_parse_arguments(arg "" "HEADER;NAMESPACE;FUNCTION" "" ${ARGN})
  set(out ${CMAKE_BINARY_DIR}/generated/${arg_FUNCTION}.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_SOURCE_DIR}/${file} -DOUT=${out} -DHEADER=${arg_HEADER}
            -DNAMESPACE=${arg_NAMESPACE} -DFUNCTION=${arg_FUNCTION}
            -P ${CMAKE_SOURCE_DIR}/tools/cmake/embed_text.cmake
    DEPENDS ${CMAKE_SOURCE_DIR}/${file} ${CMAKE_SOURCE_DIR}/tools/cmake/embed_text.cmake)
  target_sources(${target} PRIVATE ${out})
endfunction()
