using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FaceCloud.Gallery.Store.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.EnsureSchema(
                name: "gallery");

            migrationBuilder.CreateTable(
                name: "deletions",
                schema: "gallery",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    person_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    face_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_deletions", x => new { x.tenant_id, x.gallery_id, x.person_id, x.face_id });
                });

            migrationBuilder.CreateTable(
                name: "galleries",
                schema: "gallery",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false, collation: "C"),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    verify_threshold = table.Column<float>(type: "real", nullable: true),
                    identify_threshold = table.Column<float>(type: "real", nullable: true),
                    max_false_accept_rate = table.Column<double>(type: "double precision", nullable: true),
                    max_false_positive_rate = table.Column<double>(type: "double precision", nullable: true),
                    ambiguity_margin = table.Column<float>(type: "real", nullable: true),
                    min_quality = table.Column<float>(type: "real", nullable: true),
                    embedding_contract = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    dimension = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_galleries", x => new { x.tenant_id, x.gallery_id });
                });

            migrationBuilder.CreateTable(
                name: "persons",
                schema: "gallery",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    person_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    external_id = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    name = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    metadata = table.Column<string>(type: "text", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_persons", x => new { x.tenant_id, x.gallery_id, x.person_id });
                    table.ForeignKey(
                        name: "FK_persons_galleries_tenant_id_gallery_id",
                        columns: x => new { x.tenant_id, x.gallery_id },
                        principalSchema: "gallery",
                        principalTable: "galleries",
                        principalColumns: new[] { "tenant_id", "gallery_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "faces",
                schema: "gallery",
                columns: table => new
                {
                    tenant_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    gallery_id = table.Column<string>(type: "character varying(64)", nullable: false, collation: "C"),
                    face_id = table.Column<Guid>(type: "uuid", nullable: false),
                    person_id = table.Column<string>(type: "character varying(128)", maxLength: 128, nullable: false, collation: "C"),
                    embedding_contract = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    embedding = table.Column<byte[]>(type: "bytea", nullable: false),
                    photo_sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    face_ordinal = table.Column<int>(type: "integer", nullable: false),
                    item_id = table.Column<Guid>(type: "uuid", nullable: true),
                    box_x = table.Column<float>(type: "real", nullable: false),
                    box_y = table.Column<float>(type: "real", nullable: false),
                    box_width = table.Column<float>(type: "real", nullable: false),
                    box_height = table.Column<float>(type: "real", nullable: false),
                    quality_score = table.Column<float>(type: "real", nullable: false),
                    sharpness = table.Column<float>(type: "real", nullable: false),
                    brightness = table.Column<float>(type: "real", nullable: false),
                    yaw = table.Column<float>(type: "real", nullable: false),
                    pitch = table.Column<float>(type: "real", nullable: false),
                    roll = table.Column<float>(type: "real", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_faces", x => new { x.tenant_id, x.gallery_id, x.face_id });
                    table.ForeignKey(
                        name: "FK_faces_persons_tenant_id_gallery_id_person_id",
                        columns: x => new { x.tenant_id, x.gallery_id, x.person_id },
                        principalSchema: "gallery",
                        principalTable: "persons",
                        principalColumns: new[] { "tenant_id", "gallery_id", "person_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_faces_tenant_id_gallery_id_person_id",
                schema: "gallery",
                table: "faces",
                columns: new[] { "tenant_id", "gallery_id", "person_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "deletions",
                schema: "gallery");

            migrationBuilder.DropTable(
                name: "faces",
                schema: "gallery");

            migrationBuilder.DropTable(
                name: "persons",
                schema: "gallery");

            migrationBuilder.DropTable(
                name: "galleries",
                schema: "gallery");
        }
    }
}
