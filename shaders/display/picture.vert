// One triangle over the whole target; `view_point` is in target pixels, y down.
#version 330 core
uniform vec2 target_size;
out vec2 view_point;

void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
    view_point = vec2(corner.x, 1.0 - corner.y) * target_size;
}
